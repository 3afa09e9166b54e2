"""What every template may use without being given it: languages, and how things are written in them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from flask import Flask, g

from matchmaker import clock
from matchmaker.domain import dates, plain, zones
from matchmaker.domain.wording import in_language
from matchmaker.web import languages, phases, sections


def add_helpers(app: Flask) -> None:
    """Give the templates their filters and the few names that all pages need."""
    app.jinja_env.filters.update(
        words=words,
        isolated=isolated,
        clock=dates.clock,
        long_day=long_day,
        several=several,
        number=number,
        when=when,
    )
    app.context_processor(_everywhere)


def _everywhere() -> dict[str, Any]:
    locale = languages.current()
    return {
        "locale": str(locale),
        "direction": languages.direction(locale),
        "tongues": languages.tongues,
        "groups": sections.groups,
        "may": sections.may_open,
        "banner": phases.banner,
    }


def words(texts: Mapping[str, str] | None) -> str:
    """Return the words of a text in the language of the page, or in the nearest there is."""
    return in_language(texts or {}, languages.current())


def isolated(text: str) -> str:
    """Return words that run against the language of the page so that the line round them keeps its order."""
    return plain.isolated(text, languages.current())


def wall() -> datetime:
    """Return what the clocks show at the event of the page."""
    return zones.wall(clock.now(), g.event.zone)


def long_day(day: date) -> str:
    return dates.long_day(day, languages.current())


def when(days: list[date]) -> str:
    """Write the days of an event in the language of the page."""
    return dates.span(min(days), max(days), languages.current()) if days else ""


def several(days: Iterable[date]) -> str:
    """Write some days without their year, those that follow each other as one."""
    return dates.several(days, languages.current())


def number(value: float) -> str:
    """Write a number with the separators of the page's language; digits are 0-9 everywhere."""
    text = f"{value:,}"
    return text.replace(",", "\u00a0").replace(".", ",") if languages.current() == "fr" else text
