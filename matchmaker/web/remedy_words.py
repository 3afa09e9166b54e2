"""What would make a place for a meeting, in sentences for those who run the event."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from flask_babel import gettext as _

from matchmaker.models import Location, Slot, Texts
from matchmaker.queries import agenda_words
from matchmaker.queries import grid as queries
from matchmaker.queries.grid import Sides
from matchmaker.scheduling.question import Place
from matchmaker.scheduling.remedies import Remedy
from matchmaker.web.grid_words import pair, spot_label


class Line(NamedTuple):
    """A sentence, and the code of the meeting that would have to move, if one would."""

    words: str
    meeting: str = ""


def lines(found: Sequence[Remedy], slots: Sequence[Slot], places: Mapping[int, Location]) -> list[Line]:
    """Say what would make a place; names are read in two queries."""
    sides = queries.sides({id_ for one in found for id_ in one.requests})
    people = queries.people_named({one.person for one in found if one.person})
    say = _Sayings(slots, places, sides, people)
    return [say.line(one) for one in found]


class _Sayings:
    def __init__(
        self,
        slots: Sequence[Slot],
        places: Mapping[int, Location],
        sides: Mapping[int, Sides],
        people: Mapping[int, tuple[Texts, Texts]],
    ) -> None:
        self._slots, self._places, self._sides, self._people = slots, places, sides, people

    def line(self, one: Remedy) -> Line:
        place = self._at(one.place)
        match one.kind:
            case "move":
                return self._moved(place, one)
            case "displace":
                return self._displaced(place, one)
            case "raise_limit":
                sentence = _("%(place)s, with a higher limit for %(who)s", place=place, who=self._who(one))
            case "free_slot":
                sentence = _("%(place)s, if %(who)s is free then", place=place, who=self._who(one))
            case "open":
                sentence = _("%(place)s, if this place is open then", place=place)
            case "add_table":
                sentence = _("%(place)s, with one table more there", place=place)
            case _:
                tongues = _(", ").join(agenda_words.language_name(code) for code in one.languages)
                sentence = _("%(place)s, with one more interpreter: %(languages)s", place=place, languages=tongues)
        return Line(sentence)

    def _moved(self, place: str, one: Remedy) -> Line:
        meeting = self._sides[one.requests[0]]
        names, other = pair(meeting.first, meeting.second), self._at(one.onto or one.place)
        sentence = _("%(place)s, if %(meeting)s moves to: %(other)s", place=place, meeting=names, other=other)
        return Line(sentence, meeting.code)

    def _displaced(self, place: str, one: Remedy) -> Line:
        gone = [self._sides[id_] for id_ in one.requests]
        names = _("; ").join(pair(each.first, each.second) for each in gone)
        sentence = _("%(place)s, if this is taken out: %(meetings)s", place=place, meetings=names)
        return Line(sentence, gone[0].code if len(gone) == 1 else "")

    def _at(self, place: Place) -> str:
        return spot_label(place.slot_id, self._places[place.location_id], place.table, self._slots)

    def _who(self, one: Remedy) -> str:
        return pair(*self._people.get(one.person, ({}, {})))
