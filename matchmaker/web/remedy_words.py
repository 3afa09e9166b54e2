"""What would make a place for a meeting, in sentences for those who run the event."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from flask_babel import gettext as _
from flask_babel import ngettext

from matchmaker.models import Location, Slot
from matchmaker.queries import agenda_words
from matchmaker.queries import grid as queries
from matchmaker.scheduling.question import Place
from matchmaker.scheduling.remedies import Remedy
from matchmaker.web.grid_words import pair, spot_label


class Line(NamedTuple):
    """Where the meeting could stand, on which condition, and the meetings of which that speaks: code and names."""

    place: str
    words: str
    meetings: Sequence[tuple[str, str]] = ()


def lines(found: Sequence[Remedy], slots: Sequence[Slot], places: Mapping[int, Location]) -> list[Line]:
    """Say what would make a place; names are read in two queries."""
    sides = queries.sides({id_ for one in found for id_ in one.requests})
    people = queries.people_named({one.person for one in found if one.person})

    def at(place: Place) -> str:
        return spot_label(place.slot_id, places[place.location_id], place.table, slots)

    return [
        Line(
            at(one.place),
            _condition(one, at(one.onto) if one.onto else "", pair(*people.get(one.person, ({}, {})))),
            [(sides[id_].code, pair(sides[id_].first, sides[id_].second)) for id_ in one.requests],
        )
        for one in found
    ]


def _condition(one: Remedy, onto: str, who: str) -> str:
    match one.kind:
        case "move":
            said = _("if this meeting moves to %(place)s", place=onto)
        case "displace":
            said = ngettext("if this meeting is taken out:", "if these meetings are taken out:", len(one.requests))
        case "raise_limit":
            said = _("with a higher limit for %(who)s", who=who)
        case "free_slot":
            said = _("if %(who)s is free then", who=who)
        case "open":
            said = _("if this place is open then")
        case "add_table":
            said = _("with one table more there")
        case _:
            tongues = _(", ").join(agenda_words.language_name(code) for code in one.languages)
            said = _("with one more interpreter: %(languages)s", languages=tongues)
    return said
