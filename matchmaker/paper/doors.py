"""What hangs on doors, in Arabic and in French: what is on in a room, and where each organisation is expected."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _

from matchmaker.domain.alphabet import in_order
from matchmaker.domain.states import Locale
from matchmaker.paper.tables import named_together
from matchmaker.paper.typesetting import publicly, typeset
from matchmaker.queries import agenda_words as say
from matchmaker.queries.paper import Door, Paper, Party, Sitting

LANGUAGES = (Locale.ARABIC, Locale.FRENCH)
List = dict[str, Any]


def doors_pdf(paper: Paper) -> bytes | None:
    """Return the lists, each in both languages before the next, or None if there is nothing to list."""
    in_languages = []
    for locale in LANGUAGES:
        with force_locale(str(locale)):
            in_languages.append(list(_lists(paper)))
    lists = [one for both in zip(*in_languages, strict=True) for one in both]
    return typeset("doors.typ", {**publicly(paper, _("Door lists")), "lists": lists}, apart=True) if lists else None


def _lists(paper: Paper) -> Iterator[List]:
    by_day = defaultdict[dt.date, list[Sitting]](list)
    for sitting in paper.sittings:
        by_day[sitting.start.date()].append(sitting)
    for day, sittings in by_day.items():
        yield _organisations(paper, day, sittings)
        halls = defaultdict[int, list[Sitting]](list)
        for sitting in sittings:
            if not sitting.is_stand:
                halls[sitting.location_id].append(sitting)
        for _hall, in_hall in sorted(halls.items()):
            yield _hall_list(paper, day, in_hall)
    for door in paper.doors:
        if door.people:
            yield _session_list(paper, door)


def _organisations(paper: Paper, day: dt.date, sittings: Sequence[Sitting]) -> List:
    expected = defaultdict[int, list[Sitting]](list)
    parties: dict[int, Party] = {}
    for sitting in sittings:
        for party in sitting.parties:
            expected[party.id].append(sitting)
            parties[party.id] = party
    listed = [party for party in parties.values() if party.listed]
    order = sorted(listed, key=lambda party: in_order(say.words(party.names), say.language()))
    rows = [[_text(say.named(party.names)), [_place(sitting) for sitting in expected[party.id]]] for party in order]
    return _list(
        paper,
        _("Where each organisation is expected"),
        say.long_day(day),
        rows,
        heads=[_("Organisation"), _("Time and place")],
    )


def _hall_list(paper: Paper, day: dt.date, sittings: Sequence[Sitting]) -> List:
    rows = [
        [_time(one.start), _text(_("Table %(number)s", number=one.table)), _text(named_together(one.parties))]
        for one in sittings
    ]
    return _list(
        paper, say.named(sittings[0].location), say.long_day(day), rows, heads=[_("Time"), _("Table"), _("Who meets")]
    )


def _session_list(paper: Paper, door: Door) -> List:
    seated = [one for one in door.people if one.party.listed]
    order = sorted(seated, key=lambda one: in_order(say.words(one.party.names), say.language()))
    rows = [[_text(say.named(one.party.names)), _text(say.named(one.names) if one.agreed else "")] for one in order]
    day = _("%(day)s, %(start)s to %(end)s", day=say.long_day(door.start.date()), start="\0", end="\0")
    found = _list(paper, say.named(door.titles), say.named(door.rooms), rows, heads=[_("Organisation"), _("Name")])
    return {**found, "when": _timed(day, door)}


def _timed(words: str, door: Door) -> list[Mapping[str, str]]:
    """Return a line as its parts, of which the times are set left to right by themselves."""
    before, between, after = words.split("\0")
    return [*_text(before), *_time(door.start), *_text(between), *_time(door.end), *_text(after)]


def _list(paper: Paper, title: str, under: str, rows: Sequence[Any], *, heads: Sequence[str]) -> List:
    return {
        "language": say.language(),
        "event": say.named(paper.event.names),
        "title": title,
        "under": under,
        "when": [],
        "heads": heads,
        "rows": rows,
        "version": _("Version %(number)s", number=paper.version.number) if paper.version else "",
    }


def _text(words: str) -> list[Mapping[str, str]]:
    return [{"text": words}] if words else []


def _time(moment: dt.datetime) -> list[Mapping[str, str]]:
    return [{"time": f"{moment:%H:%M}"}]


def _place(sitting: Sitting) -> list[Mapping[str, str]]:
    return [
        *_time(sitting.start),
        *_text(f" {say.place_of(sitting.location, sitting.table, is_stand=sitting.is_stand)}"),
    ]
