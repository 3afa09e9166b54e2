"""Names of languages and countries in the language of the page."""

from __future__ import annotations

from collections.abc import Collection

from babel import Locale as BabelLocale
from flask_babel import gettext as _

from matchmaker.domain.cells import SPOKEN
from matchmaker.web import languages

NOT_OFFERED = frozenset({"EH", "EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"})
"""Codes that are no country, or whose people register under the kingdom's own."""


def language(code: str) -> str:
    if code == "zgh":
        return _("Amazigh")  # the library's name is the standard's, and long
    name = str(_names().languages.get(code, code))
    return name[:1].upper() + name[1:]


def listed(codes: Collection[str]) -> str:
    """Write languages in a row, the most usual first."""
    order = {code: number for number, code in enumerate(SPOKEN)}
    return _(", ").join(language(code) for code in sorted(codes, key=lambda code: (order.get(code, 99), code)))


def country(code: str) -> str:
    return str(_names().territories.get(code, code))


def spoken() -> list[tuple[str, str]]:
    """Return the choices of a field for languages."""
    return [(code, language(code)) for code in SPOKEN]


def countries() -> list[tuple[str, str]]:
    """Return the choices of a field for a country: Morocco, then all others by name."""
    codes = (str(code) for code in _names().territories)
    named = [(code, country(code)) for code in codes if len(code) == 2 and code.isalpha() and code not in NOT_OFFERED]
    return sorted(named, key=lambda item: (item[0] != "MA", item[1]))


def _names() -> BabelLocale:
    return BabelLocale.parse("ar_MA" if languages.current() == "ar" else languages.current())
