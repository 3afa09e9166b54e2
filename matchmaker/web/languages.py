"""Which language a page speaks, and the way to the same page in another."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import urlencode

from flask import g, request, session
from flask_babel import get_locale
from flask_login import current_user
from sqlalchemy.exc import SQLAlchemyError

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
    return next((str(locale) for locale in _candidates() if locale in set(Locale)), Locale.FRENCH)


def _candidates() -> Iterator[str | None]:
    yield session.get("lang")
    yield g.get("locale")
    yield _of_account()
    yield request.accept_languages.best_match([str(locale) for locale in Locale])
    event = g.get("event")
    yield from event.languages if event else ()


def _of_account() -> str | None:
    try:
        return getattr(current_user, "locale", None)
    except SQLAlchemyError:  # the page that says so must come even where the database does not answer
        return None


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
    """Return this address in another language, as far as it is one that can be visited."""
    asked = request.args.items(multi=True) if request.method == "GET" else ()
    return "?" + urlencode([*((name, value) for name, value in asked if name != "lang"), ("lang", str(locale))])
