"""Which language a page speaks, and the way to the same page in another."""

from __future__ import annotations

from typing import NamedTuple

from flask import g, request, session, url_for
from flask_babel import get_locale
from flask_login import current_user

from matchmaker.domain.states import Locale

NAMES = {Locale.ARABIC: "العربية", Locale.FRENCH: "Français", Locale.ENGLISH: "English"}
RIGHT_TO_LEFT = frozenset({Locale.ARABIC})


class Tongue(NamedTuple):
    locale: Locale
    name: str
    address: str
    chosen: bool


def choose() -> str:
    """Return the locale of this request.

    First what the reader chose in the address, then what they chose before, then what the page is for
    (a personal link speaks its person's language), then the account's, the browser's, the event's.
    """
    if (asked := request.args.get("lang")) in set(Locale):
        session["lang"] = asked
        return str(asked)
    candidates = [session.get("lang"), g.get("locale"), getattr(current_user, "locale", None)]
    candidates.append(request.accept_languages.best_match([str(locale) for locale in Locale]))
    event = g.get("event")
    candidates.extend(event.languages if event else ())
    return next((str(locale) for locale in candidates if locale in set(Locale)), Locale.FRENCH)


def current() -> Locale:
    """Return the locale in which this page, or this mail, is being written."""
    locale = get_locale()
    return Locale(locale.language) if locale else Locale.FRENCH


def direction(locale: Locale) -> str:
    return "rtl" if locale in RIGHT_TO_LEFT else "ltr"


def tongues() -> list[Tongue]:
    """Return the languages of the switch, Arabic first, each with the address of this page in it."""
    here = current()
    return [Tongue(locale, NAMES[locale], _in(locale), locale == here) for locale in Locale]


def _in(locale: Locale) -> str:
    if request.endpoint is None or request.method != "GET":
        return f"?lang={locale}"
    # Names with a leading underscore would be orders to url_for, and the sender of a link may not give those.
    asked = {name: value for name, value in request.args.items() if not name.startswith("_")}
    known = {**asked, **(request.view_args or {}), "lang": str(locale)}
    return url_for(request.endpoint, **known)
