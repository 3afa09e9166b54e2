"""The words of the catalogues as templates ask for them: as Flask-Babel gives them, without its search at each word.

A page asks for hundreds, and Flask-Babel reads the context three times for each of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from gettext import NullTranslations

from flask import Flask
from flask_babel import get_locale, get_translations
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup


def install(app: Flask) -> None:
    """Give the templates ``_`` and ``ngettext``; what is put into a text is escaped where the template escapes."""
    catalogues: dict[str, NullTranslations] = {}

    def catalogue() -> NullTranslations:
        language = str(locale.language) if (locale := get_locale()) else ""
        if language not in catalogues:
            catalogues[language] = get_translations()
        return catalogues[language]

    @pass_eval_context
    def gettext(template: EvalContext, message: str, /, **values: object) -> str:
        return _filled(template, catalogue().gettext(message), values)

    @pass_eval_context
    def ngettext(template: EvalContext, one: str, several: str, count: int, /, **values: object) -> str:
        return _filled(template, catalogue().ngettext(one, several, count), {"num": count, **values})

    app.jinja_env.globals.update(_=gettext, ngettext=ngettext)


def _filled(template: EvalContext, text: str, values: Mapping[str, object]) -> str:
    words = Markup(text) if template.autoescape else text  # noqa: S704 -- catalogues are ours
    return words % values if values or "%" in text else words
