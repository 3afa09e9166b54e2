"""Standby on the day: who could meet at once, whose promise will not be kept, and what the clock may do about it."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import partial
from typing import NamedTuple

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matchmaker.models import Location
from matchmaker.permissions import Caller, open_to
from matchmaker.queries import agenda_rows, day, days_out
from matchmaker.queries import standby as queries
from matchmaker.queries.day import Person
from matchmaker.queries.standby import Behind
from matchmaker.scheduling import standby
from matchmaker.scheduling.standby import Board, Hole, Wanted
from matchmaker.services import standby as service
from matchmaker.services.standby import Where
from matchmaker.web.acts import acted
from matchmaker.web.conflicts import told
from matchmaker.web.context import isolated, wall, words
from matchmaker.web.forms.parts import ConfirmForm

bp = Blueprint("standby", __name__, url_prefix="/o/<slug>/day/standby")

PAIRS, BEHIND, MENDING = 8, 12, 2
"""How many pairs are offered, how many people behind their promise are shown, and how many pairs to each of them."""


class Pair(NamedTuple):
    """Two who could meet: ``hole`` is where, ``code`` that of their request."""

    code: str
    people: tuple[Person, ...]
    hole: Hole
    location: Location

    @property
    def start(self) -> dt.datetime:
        return self.hole.start


class Mended(NamedTuple):
    """Somebody behind their promise, with pairs that would help."""

    row: Behind
    person: Person
    pairs: Sequence[Pair]


@bp.get("")
@open_to(Caller.DESK)
def index(slug: str) -> str:  # noqa: ARG001 -- the gate reads it
    """Show who could meet now or in the next slot, and who is behind; the desk shows the first part of it."""
    moment = wall()
    people, slots = day.people(g.event.id), queries.slots(g.event.id, moment.date())
    version = agenda_rows.last_version(g.event.id)
    board = standby.board(g.event.id, queries.arrived(g.event.id)) if version and slots else None
    view = _View(people, queries.locations(g.event.id), board)
    near, left = (
        {slot.id for slot in found} for found in (queries.soon(slots, moment), queries.open_slots(slots, moment))
    )
    at_desk = "HX-Request" in request.headers
    return render_template(
        "day/standby.html",
        wall=moment,
        pairs=view.pairs(near),
        behind=[] if at_desk else view.mended(queries.behind(g.event.id, moment)[:BEHIND], left),
        at_desk=at_desk,
        withheld=days_out.to_come(version, moment.date()),
    )


@bp.post("/<meeting>")
@open_to(Caller.DESK)
def take(slug: str, meeting: str) -> ResponseReturnValue:
    """Make a pair's meeting of what was shown: one tap."""
    where = Where(*(request.form.get(name, 0, type=int) for name in ("slot", "location", "table")))
    silent: list[int] = []

    def act() -> None:
        silent.extend(service.take(g.event.id, meeting, where, **acted()))

    if told(ConfirmForm(), act, _("It is a meeting now; it stands in the agenda of both.")) and silent:
        names = day.people(g.event.id)
        flash(
            isolated(_("Tell by word of mouth: %(who)s", who=_(", ").join(words(names[id_].names) for id_ in silent))),
            "wait",
        )
    return redirect(url_for("day.index" if "desk" in request.form else "standby.index", slug=slug), code=303)


@bp.post("/clock")
@open_to(Caller.ORGANISER)
def by_clock(slug: str) -> ResponseReturnValue:
    """Let the clock fill holes by itself, or not any more."""
    on = request.form.get("act") == "on"
    done = _("From now on the clock fills holes by itself.") if on else _("The clock fills no holes any more.")
    told(ConfirmForm(), partial(service.let_the_clock, g.event.id, on=on, **acted()), done)
    return redirect(url_for("standby.index", slug=slug), code=303)


class _View:
    """Puts holes into the words of the page."""

    def __init__(self, people: Mapping[int, Person], locations: Mapping[int, Location], board: Board | None) -> None:
        self._people, self._locations, self._board = people, locations, board
        gone = queries.given_up(g.event.id) if board else set[int]()
        self._promised: set[tuple[int, int, dt.datetime]] = set()
        self._wanted = [one for one in board.wanted if one.request_id not in gone] if board else []
        self._of_each: dict[int, list[Wanted]] = defaultdict(list)
        for one in self._wanted:
            self._of_each[one.first_id].append(one)
            self._of_each[one.second_id].append(one)

    def pairs(self, slots: set[int]) -> list[Pair]:
        if self._board is None:
            return []
        both = [one for one in self._wanted if one.both]
        return [self._pair(self._board, hole) for hole in self._board.offers(both, slots, PAIRS)]

    def mended(self, rows: Sequence[Behind], slots: set[int]) -> list[Mended]:
        return [
            Mended(row, self._people[row.person_id], self._mending(row, slots))
            for row in rows
            if row.person_id in self._people
        ]

    def _mending(self, row: Behind, slots: set[int]) -> list[Pair]:
        if self._board is None:
            return []
        found: list[Pair] = []
        for one in self._of_each[row.organisation_id]:
            holes = self._board.holes(one.request_id, slots, self._promised)
            mine = [hole for hole in holes if row.person_id in hole.place.people]
            found.extend(self._pair(self._board, hole) for hole in mine[:1])
            if len(found) == MENDING:
                break
        return found

    def _pair(self, board: Board, hole: Hole) -> Pair:
        people = tuple(self._people[id_] for id_ in hole.place.people)
        self._promised.add((hole.place.location_id, hole.place.table, hole.start))
        return Pair(board.question.requests[hole.request_id], people, hole, self._locations[hole.place.location_id])
