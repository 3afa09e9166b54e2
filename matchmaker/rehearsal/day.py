"""The days of the event, slot by slot on a simulated clock: who comes, who is late, what closes, what becomes of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from matchmaker.domain.happening import Happened, Happening
from matchmaker.queries import rehearsed
from matchmaker.queries.rehearsed import Beginning, Moment
from matchmaker.rehearsal.plan import Closing, Plan
from matchmaker.rehearsal.stage import Facts, Stage
from matchmaker.services import desk, feedback
from matchmaker.unit_of_work import all_or_nothing

BEFORE = dt.timedelta(minutes=10)
"""So long before a slot the desk looks who is there, and hears what is wrong."""
AFTER = dt.timedelta(minutes=5)
"""So long after its beginning a meeting without one side counts as a no-show."""
BEHIND = dt.timedelta(minutes=30)
"""So long after the beginning of their first meeting latecomers are there."""
CALLS = 2
"""So many latecomers ring the desk before, and a repair is made for them; the others simply are not there."""
SAYS_PERCENT, USEFUL_PERCENT = 70, 85


class Days:
    """The event from its first slot to its last; ``repairs`` is what was mended on the way, in order."""

    def __init__(self, stage: Stage) -> None:
        self._stage, self._plan = stage, stage.plan
        self._moments = rehearsed.moments(stage.event_id)
        self._schedule = rehearsed.schedule(stage.event_id)
        self._closing = closing(self._plan, self._moments, self._schedule, stage.event_id)
        self._latecomers = self._drawn(self._schedule)
        self._arrived: set[int] = set()
        self._calls = 0
        self.repairs: list[Facts] = []

    def play(self) -> None:
        for number, moment in enumerate(self._moments):
            self._stage.tell("day", number, len(self._moments))
            now = self._stage.instant(moment.wall - BEFORE)
            self._close(moment, now)
            self._hear_of_latecomers(moment, now)
            begin = self._schedule.get(moment, [])
            with all_or_nothing():
                self._let_in(begin, moment, now)
            with all_or_nothing():
                for meeting in begin:
                    self._meet(meeting, self._stage.instant(moment.wall + AFTER))

    def _drawn(self, schedule: Mapping[Moment, Sequence[Beginning]]) -> dict[int, tuple[str, Moment]]:
        """Draw who comes late: by participation, their code and the first meeting that they are late for."""
        first: dict[int, tuple[str, Moment]] = {}
        for moment, meetings in schedule.items():
            for meeting in meetings:
                for id_, code in meeting.seats:
                    first.setdefault(id_, (code, moment))
        return {id_: who for id_, who in first.items() if _drawn(self._plan, self._plan.late, "late", id_)}

    def _close(self, moment: Moment, now: dt.datetime) -> None:
        if self._closing is None or self._closing[1] != moment:
            return
        self._mend(self._closing[0], now, place=self._closing[0].of)

    def _hear_of_latecomers(self, moment: Moment, now: dt.datetime) -> None:
        for code, first in self._latecomers.values():
            if first == moment and self._calls < CALLS:
                self._calls += 1
                happened = Happened(Happening.LATE, code, moment.day, until=(moment.wall + BEHIND).time())
                self._mend(happened, now)

    def _mend(self, happened: Happened, now: dt.datetime, **more: str) -> None:
        facts = happened.facts()
        hours = {"start": facts["start"], "until": facts["until"]}
        self.repairs.append({**self._stage.repair(happened, now=now), **hours, **more})
        self._schedule = rehearsed.schedule(self._stage.event_id)

    def _let_in(self, begin: Sequence[Beginning], moment: Moment, now: dt.datetime) -> None:
        """Note those as arrived who are expected and there; latecomers are there once their delay is over."""
        for id_ in sorted({id_ for meeting in begin for id_, _ in meeting.seats} - self._arrived):
            late = self._latecomers.get(id_)
            if late is None or late[1].wall + BEHIND <= moment.wall:
                desk.arrive(self._stage.event_id, id_, actor_id=None, now=now)
                self._arrived.add(id_)

    def _meet(self, meeting: Beginning, now: dt.datetime) -> None:
        """Let a meeting take place, or not, and those who attend or the desk say so."""
        event_id, lot = self._stage.event_id, self._plan.lot("meets", meeting.request_id)
        people = [id_ for id_, _ in meeting.seats]
        absent = [id_ for id_ in people if id_ not in self._arrived]
        if lot.random() * 100 < self._plan.no_shows:
            absent = absent or [lot.choice(people)]
        if absent:
            desk.missed(event_id, meeting.code, absent[0], actor_id=None, now=now)
            return
        said = [id_ for id_ in people if lot.random() * 100 < SAYS_PERCENT]
        for id_ in said:
            useful = lot.random() * 100 < USEFUL_PERCENT
            answers: feedback.Answers = {"took_place": True, "useful": useful}
            feedback.say(id_, meeting.code, answers, actor_id=None, now=now)
        if not said:
            desk.met(event_id, meeting.code, actor_id=None, now=now)


def closing(
    plan: Plan, moments: Sequence[Moment], schedule: Mapping[Moment, Sequence[Beginning]], event_id: int
) -> tuple[Happened, Moment] | None:
    """Return which place closes when, and before which slot that is heard; None where no place is used then."""
    when = plan.closing or _second_half(moments, schedule, event_id)
    days = sorted({moment.day for moment in moments})
    if when is None or not 1 <= when.day <= len(days):
        return None
    day = days[when.day - 1]
    place = plan.place or rehearsed.busiest(event_id, day, when.start, when.until)
    heard = next((moment for moment in moments if moment.day == day and moment.start >= when.start), None)
    if place is None or heard is None:
        return None
    return Happened(Happening.CLOSED, place, day, when.start, when.until), heard


def _second_half(
    moments: Sequence[Moment], schedule: Mapping[Moment, Sequence[Beginning]], event_id: int
) -> Closing | None:
    """Return the second half of the first day on which there are meetings."""
    if not schedule:
        return None
    day = next(iter(schedule)).day
    of_day = [moment for moment in schedule if moment.day == day]
    until = rehearsed.ends(event_id, day)
    number = sorted({moment.day for moment in moments}).index(day) + 1
    return Closing(number, of_day[len(of_day) // 2].start, until) if until else None


def _drawn(plan: Plan, percent: int, *of: object) -> bool:
    return plan.lot(*of).random() * 100 < percent
