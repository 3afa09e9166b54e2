"""What a rehearsal says is to be mended, each in a sentence with its number and one thing to do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from matchmaker.models import Texts
from matchmaker.queries import agenda_words as say

Facts = Mapping[str, Any]


def sentences(facts: Facts, names: Mapping[str, Texts]) -> tuple[str, ...]:
    """Return the sentences, the most pressing first; where nothing stands out, one that says so."""
    found = tuple(_sentence(one, names) for one in facts["mend"])
    return found or (_("Nothing stands out: wishes, tables and desk bear such a day."),)


def _sentence(one: Facts, names: Mapping[str, Texts]) -> str:
    code = one.get("organisation") or one.get("place") or ""
    name = say.named(names.get(code, {"en": code}))
    match one["kind"]:
        case "wanted":
            return _wanted(one, name)
        case "table" | "slot" | "full" | "spare" | "closed":
            return _of_rooms(one, name)
        case _:
            return _of_people(one)


def _wanted(one: Facts, name: str) -> str:
    if not one["more"]:
        return _(
            "%(name)s is wanted by %(asked)s for %(slots)s slots: more times there would help, or a word to those who "
            "ask.",
            name=name,
            asked=one["asked"],
            slots=one["slots"],
        )
    return ngettext(
        "%(name)s is wanted by %(asked)s for %(slots)s slots: a second representative would give about %(num)s more "
        "meeting.",
        "%(name)s is wanted by %(asked)s for %(slots)s slots: a second representative would give about %(num)s more "
        "meetings.",
        one["more"],
        name=name,
        asked=one["asked"],
        slots=one["slots"],
    )


def _of_rooms(one: Facts, name: str) -> str:
    match one["kind"]:
        case "table":
            return ngettext(
                "One more table in %(name)s would give about %(num)s more meeting.",
                "One more table in %(name)s would give about %(num)s more meetings.",
                one["more"],
                name=name,
            )
        case "slot":
            return ngettext(
                "One more slot at the end of the first day would give about %(num)s more meeting.",
                "One more slot at the end of the first day would give about %(num)s more meetings.",
                one["more"],
            )
        case "closed":
            return ngettext(
                "When %(name)s closes, %(num)s meeting is lost: keep tables free elsewhere for those hours.",
                "When %(name)s closes, %(num)s meetings are lost: keep tables free elsewhere for those hours.",
                one["cancelled"],
                name=name,
            )
        case "full":
            return _(
                "%(name)s has no table to spare in its busiest hour: %(used)s of %(places)s places are taken. Keep one "
                "table in ten free.",
                name=name,
                used=one["used"],
                places=one["places"],
            )
        case _:
            return _(
                "%(name)s has too many tables: even in its busiest hour %(used)s of %(places)s places are taken.",
                name=name,
                used=one["used"],
                places=one["places"],
            )


def _of_people(one: Facts) -> str:
    match one["kind"]:
        case "without":
            return ngettext(
                "%(num)s person who asked has no meeting: have them ask more organisations, or mark more times free.",
                "%(num)s people who asked have no meeting: have them ask more organisations, or mark more times free.",
                one["people"],
            )
        case "minimums":
            return ngettext(
                "The schedule misses %(num)s promised minimum: promise less, or have these people ask more.",
                "The schedule misses %(num)s promised minimums: promise less, or have these people ask more.",
                one["before"],
            )
        case "emptyhanded":
            return ngettext(
                "%(num)s person has meetings of which none takes place: let the desk offer another at once.",
                "%(num)s people have meetings of which none takes place: let the desk offer others at once.",
                one["people"],
            )
        case "unmended":
            return ngettext(
                "For %(num)s thing that went wrong no repair was found in time: use a machine that is less busy.",
                "For %(num)s things that went wrong no repair was found in time: use a machine that is less busy.",
                one["repairs"],
            )
        case "otherwise":
            return ngettext(
                "%(num)s person cannot be told by mail: print agendas on the eve, and name who rings them.",
                "%(num)s people cannot be told by mail: print agendas on the eve, and name who rings them.",
                one["people"],
            )
        case _:
            return ngettext(
                "%(num)s organisation wants nobody yet: remind it before wishes close.",
                "%(num)s organisations want nobody yet: remind them before wishes close.",
                one["organisations"],
            )
