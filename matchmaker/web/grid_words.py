"""What the cells of the grid say: where the chosen meeting may go and for what, and why not elsewhere."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, NamedTuple

from flask_babel import gettext as _

from matchmaker.domain import dates
from matchmaker.domain.disclosure import FOR_ORGANISERS, Reason
from matchmaker.domain.plain import left_to_right
from matchmaker.domain.wording import N_, in_language, short_name
from matchmaker.models import Location, Slot, Texts
from matchmaker.queries.grid import Chosen, PersonRow, Standing, TableRow, Window
from matchmaker.scheduling.grid import Board, Obstacle, Spot
from matchmaker.scheduling.remedies import Remedy, remedies
from matchmaker.web import languages
from matchmaker.web.context import isolated, long_day, number, words

SHORT: Mapping[str, str] = {
    "no_representative": N_("nobody to attend"),
    "person_full": N_("a limit is reached"),
    "no_common_slot": N_("no common time"),
    "longest_run": N_("too many in a row"),
    "order": N_("out of order"),
    "no_location": N_("not in this place"),
    "no_table": N_("no table left"),
    "walking": N_("the walk is too long"),
    "no_interpreter": N_("no interpreter free"),
    "displaced": N_("no place for it"),
}
"""Why a cell is not possible, in a few words."""
WHY: Mapping[str, str] = {
    "no_representative": N_("One side has nobody who may attend."),
    "person_full": N_("Somebody would have more meetings than their limit allows."),
    "no_common_slot": N_("Both sides are not free at that time."),
    "longest_run": N_("Somebody would have too many meetings in a row."),
    "order": N_("The meeting must come after another one."),
    "no_location": N_("The meeting cannot be held in that place at that time."),
    "no_table": N_("All tables are taken at that time."),
    "walking": N_("Somebody would not have enough time to walk there."),
    "no_interpreter": N_("No interpreter is free at that time."),
    "displaced": N_("There is no place for this meeting beside the others."),
}
"""The same in a sentence."""
KEPT_BY: Mapping[str, str] = {
    "away": N_("%(who)s: not free"),
    "session": N_("%(who)s: in a session"),
    "meeting": N_("%(who)s: in a meeting"),
}


class Cell(NamedTuple):
    """A cell of the grid. ``kind`` is one of free, meeting, chosen, may, taken and not.

    ``value`` is what its button sends; ``line`` is what it says, ``title`` the whole sentence.
    """

    kind: str
    meetings: Sequence[Standing] = ()
    value: str = ""
    line: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """What the solver says of the chosen request, for the columns of one day."""

    chosen: Chosen
    spots: Mapping[tuple[int, int], Spot]
    obstacles: Mapping[int, Obstacle | None]
    free: Mapping[tuple[int, int], frozenset[int]]
    remedies: Sequence[Remedy] = ()
    """What would make a place, where there is none."""

    def best(self, slot_id: int) -> Spot | None:
        """Return the legal spot of a slot that is worth most."""
        legal = [spot for key, spot in self.spots.items() if key[0] == slot_id and self.free.get(key)]
        return max(legal, key=lambda spot: spot.gain, default=None)


def judged(board: Board, chosen: Chosen, locked: Collection[int]) -> Judged:
    """Ask the solver about a request: every slot and location, who cannot come when, and what would help.

    The ``locked`` requests are to stay where they are.
    """
    spots = board.spots(chosen.request_id)
    slot_ids = {slot_id for slot_id, _ in spots}
    free = {
        key: frozenset(board.free_tables(chosen.request_id, *key)) for key, spot in spots.items() if spot.reason is None
    }
    return Judged(
        chosen,
        spots,
        {slot_id: board.obstacle(chosen.request_id, slot_id) for slot_id in slot_ids},
        free,
        () if chosen.slot_id or any(free.values()) else remedies(board, chosen.request_id, locked),
    )


def table_cells(window: Window, day: Sequence[Slot], found: Judged | None) -> list[tuple[TableRow, list[Cell]]]:
    """Return the rows of a window of tables with their cells."""
    return [
        (
            row,
            [
                _at_table(row, slot, window.standing.get(((row.location_id, row.table), slot.id), ()), found)
                for slot in day
            ],
        )
        for row in window.rows
    ]


def person_cells(window: Window, day: Sequence[Slot], found: Judged | None) -> list[tuple[PersonRow, list[Cell]]]:
    """Return the rows of a window of people with their cells."""
    return [
        (row, [_of_person(row, slot, window.standing.get((row.participation_id, slot.id), ()), found) for slot in day])
        for row in window.rows
    ]


def gain(points: int) -> str:
    """Say what a move does to the value of the draft."""
    if points == 0:
        return _("same value")
    return left_to_right(f"+{number(points)}" if points > 0 else f"−{number(-points)}")


def reason(found: Judged, slot_id: int, code: str) -> str:
    """Say in a few words why a place is not possible, and who is not free where that is the reason."""
    obstacle = found.obstacles.get(slot_id)
    if code == "no_common_slot" and obstacle is not None:
        names = found.chosen.first if obstacle.organisation_id == found.chosen.first_id else found.chosen.second
        return _(KEPT_BY[obstacle.cause], who=isolated(short_name(words(names))))
    return _(SHORT[code])


def brief(window: Window) -> Callable[[Texts, Texts], str]:
    """Return how organisations are called in the cells of a window: in short, unless two would be called alike."""
    locale, shorten = str(languages.current()), cache(short_name)

    def shortened(names: Texts, short_names: Texts) -> str:
        return short_names.get(locale) or shorten(in_language(names, locale))

    called = defaultdict[str, set[str]](set)
    for side in {side.id: side for some in window.standing.values() for one in some for side in one.sides}.values():
        called[shortened(side.names, side.short_names)].add(in_language(side.names, locale))

    def name(names: Texts, short_names: Texts) -> str:
        short = shortened(names, short_names)
        return in_language(names, locale) if len(called[short]) > 1 else short

    return name


def pair(first: Texts, second: Texts) -> str:
    """Name both sides of a meeting in a line without markup."""
    return f"{isolated(words(first))} – {isolated(words(second))}"


def _at_table(row: TableRow, slot: Slot, standing: Sequence[Standing], found: Judged | None) -> Cell:
    if found is None:
        return Cell("meeting" if standing else "free", standing)
    if any(one.code == found.chosen.code for one in standing):
        return Cell("chosen", standing)
    if standing:
        return Cell("taken", standing)
    key = slot.id, row.location_id
    spot = found.spots.get(key)
    if spot is None:
        return Cell("free")
    if spot.reason is None and row.table in found.free.get(key, ()):
        return Cell("may", value=f"{slot.id}-{row.location_id}-{row.table}", line=gain(spot.gain))
    return _not(found, slot, spot.reason or "no_table")


def _of_person(row: PersonRow, slot: Slot, standing: Sequence[Standing], found: Judged | None) -> Cell:
    if found is None or row.organisation_id not in {found.chosen.first_id, found.chosen.second_id}:
        return Cell("meeting" if standing else "free", standing)
    if any(one.code == found.chosen.code for one in standing):
        return Cell("chosen", standing)
    if standing:
        return Cell("taken", standing)
    if best := found.best(slot.id):
        return Cell("may", value=f"{slot.id}", line=gain(best.gain))
    reasons = [spot.reason for (slot_id, _), spot in found.spots.items() if slot_id == slot.id and spot.reason]
    return _not(found, slot, reasons[0]) if reasons else Cell("free")


def _not(found: Judged, slot: Slot, code: str) -> Cell:
    line = reason(found, slot.id, code)
    return Cell("not", line=line, title=_(WHY[code]))


def slot_label(slot_id: int, slots: Sequence[Slot]) -> str:
    """Name a slot by its time, and by its day where there are several."""
    slot = next(slot for slot in slots if slot.id == slot_id)
    time = left_to_right(dates.clock(slot.start))
    if len({each.day for each in slots}) == 1:
        return time
    locale = str(languages.current())
    day = f"{dates.weekday(slot.day, locale)} {dates.day_and_month(slot.day, locale)}"
    return _("%(day)s, %(time)s", day=day, time=time)


def where(chosen: Chosen, slots: Sequence[Slot], places: Mapping[int, Location]) -> str:
    """Say when and where the chosen meeting is held."""
    return spot_label(chosen.slot_id or 0, places[chosen.location_id or 0], chosen.table or 0, slots)


def spot_label(slot_id: int, place: Location, table: int, slots: Sequence[Slot]) -> str:
    return _(", ").join([slot_label(slot_id, slots), _table(place, table)])


def slot_choices(found: Judged, slots: Sequence[Slot]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the slots for a select element, the legal ones first; each group has its words."""
    legal, others = [], []
    for slot in slots:
        label, best = slot_label(slot.id, slots), found.best(slot.id)
        if best is not None:
            legal.append((str(slot.id), _(", ").join([label, gain(best.gain)])))
        elif reasons := [one.reason for key, one in found.spots.items() if key[0] == slot.id and one.reason]:
            others.append((str(slot.id), f"{label} – {reason(found, slot.id, reasons[0])}"))
    return [(_("Possible"), legal), (_("Not possible"), others)]


def table_choices(
    found: Judged, slot_id: int, places: Mapping[int, Location]
) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the free tables of a slot at which the meeting may be held, for a select element."""
    return [
        (
            f"{isolated(words(places[location_id].names))} ({gain(found.spots[slot, location_id].gain)})",
            [(f"{location_id}-{table}", _table(places[location_id], table)) for table in sorted(tables)],
        )
        for (slot, location_id), tables in found.free.items()
        if slot == slot_id and tables
    ]


def day_tabs(days: Sequence[date], shown: Sequence[Slot], at: Callable[..., str]) -> list[dict[str, Any]]:
    """Return the links between the days."""
    return [
        {"label": long_day(day), "url": at(day=day.isoformat(), page=""), "current": day == shown[0].day}
        for day in days
    ]


def on_page(window: Window) -> list[tuple[str, str]]:
    """Return the meetings of the page for a select element, in the order of their names."""
    standing = {one.code: one.sides for some in window.standing.values() for one in some}
    meetings = {code: pair(first.names, second.names) for code, (first, second) in standing.items()}
    return sorted(meetings.items(), key=lambda one: one[1])


def loose(why: Reason, *, by_hand: bool) -> str:
    """Say why a request is in the tray; what was taken out by hand may well have a place."""
    if by_hand and why is Reason.DISPLACED:
        return _("A place may be free for it")
    return _(FOR_ORGANISERS[why])


def _table(place: Location, number_: int) -> str:
    name = isolated(words(place.names))
    return name if place.is_stand else _("%(place)s, table %(number)s", place=name, number=number_)
