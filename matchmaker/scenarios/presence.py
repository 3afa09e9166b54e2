"""When the people of a scenario are there and free, and which sessions they attend."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import time
from random import Random

from matchmaker.domain.timetable import PlannedSlot
from matchmaker.scenarios.cast import Party, Person
from matchmaker.scenarios.people_file import HOSTS
from matchmaker.scenarios.plans import DelegationPlan, GroupPlan, Scenario, Stretch, TalkPlan

NOON = time(13)
MOST_TALKS = 2
SHORTEST_ERRAND, LONGEST_ERRAND = 3, 6  # slots that somebody has marked as not free, in a row


def settle(scenario: Scenario, parties: Sequence[Party]) -> None:
    """Write into the people when they are away and where they sit, by the scenario's seed."""
    lot = Random(f"{scenario.event.seed}/presence")
    calendar = Calendar(scenario)
    _hosts(scenario, calendar, parties)
    for delegation in scenario.event.delegations:
        _travel(delegation, calendar, [one for one in parties if one.delegation == delegation.code])
    for group in scenario.people.groups:
        people = [person for party in parties if party.group == group.code for person in party.people]
        _name(group, people, lot)
        _stay(group, calendar, [party for party in parties if party.group == group.code], lot)
        _be_busy(group, calendar, people, lot)
    _sign_up(scenario, calendar, parties, lot)


class Calendar:
    """The slots of the event by day number and by code."""

    def __init__(self, scenario: Scenario) -> None:
        days = [plan.day for plan in scenario.event.frame.days]
        self.slots = scenario.event.slots
        self.days = range(1, len(days) + 1)
        self._number = {day: number for number, day in enumerate(days, 1)}

    def touched(self, stretch: Stretch) -> set[str]:
        """Return the codes of the slots that overlap a part of a day."""
        return {slot.code for slot in self.of_day(stretch.day) if slot.start < stretch.end and stretch.start < slot.end}

    def of_day(self, number: int) -> list[PlannedSlot]:
        return [slot for slot in self.slots if self._number[slot.day] == number]

    def before(self, day: int, at: time) -> set[str]:
        return {slot.code for slot in self.slots if (self._number[slot.day], slot.start) < (day, at)}

    def after(self, day: int, at: time) -> set[str]:
        return {slot.code for slot in self.slots if (self._number[slot.day], slot.end) > (day, at)}

    def half_day(self, number: int, *, morning: bool) -> set[str]:
        return {slot.code for slot in self.of_day(number) if (slot.start < NOON) is morning}


def _hosts(scenario: Scenario, calendar: Calendar, parties: Sequence[Party]) -> None:
    hosts = [party for party in parties if party.group == HOSTS]
    for host, party in zip(scenario.people.hosts, hosts, strict=True):
        for person in party.people:
            person.away |= {code for stretch in host.away for code in calendar.touched(stretch)}
            person.named |= set(host.talks)


def _travel(delegation: DelegationPlan, calendar: Calendar, parties: Iterable[Party]) -> None:
    away = calendar.before(*delegation.arrives) if delegation.arrives else set()
    away |= calendar.after(*delegation.leaves) if delegation.leaves else set()
    for party in parties:
        for person in party.people:
            person.away |= away


def _name(group: GroupPlan, people: Sequence[Person], lot: Random) -> None:
    """Give closed sessions the people of the group who must be there: the same ones for each of them."""
    members = lot.sample(people, len(people))
    for code, number in group.members.items():
        for person in members[:number]:
            person.named.add(code)


def _stay(group: GroupPlan, calendar: Calendar, parties: Iterable[Party], lot: Random) -> None:
    """Let each party come for a few days in a row."""
    for party in parties:
        if group.stays is None:
            return
        length = lot.randint(*group.stays)
        first = lot.randint(1, len(calendar.days) - length + 1)
        gone = [day for day in calendar.days if not first <= day < first + length]
        for person in party.people:
            person.away |= {slot.code for day in gone for slot in calendar.of_day(day)}


def _be_busy(group: GroupPlan, calendar: Calendar, people: Sequence[Person], lot: Random) -> None:
    """Let a part of the people be away for half a day, or for some slots in a row."""
    for person in lot.sample(people, len(people) * group.partly_free // 100):
        day = lot.choice(calendar.days)
        if lot.random() < 0.5:
            person.away |= calendar.half_day(day, morning=lot.random() < 0.5)
        else:
            codes = [slot.code for slot in calendar.of_day(day)]
            start = lot.randrange(len(codes))
            person.away |= set(codes[start : start + lot.randint(SHORTEST_ERRAND, LONGEST_ERRAND)])


def _sign_up(scenario: Scenario, calendar: Calendar, parties: Sequence[Party], lot: Random) -> None:
    attends = {group.code: group.attends for group in scenario.people.groups}
    talks = [talk for talk in scenario.event.talks if not (talk.for_everybody or talk.closed)]
    by_code = {talk.code: talk for talk in scenario.event.talks}
    seated = Counter[str]()
    everybody = [(party, person) for party in parties for person in party.people]
    for party, person in lot.sample(everybody, len(everybody)):
        if lot.random() * 100 >= attends.get(party.group, 0) or person.tied:
            continue
        for talk in _preferred(talks, party, lot):
            sits = [by_code[code] for code in person.talks | person.named]
            if len(person.talks) < MOST_TALKS and _can_attend(talk, person, sits, calendar, seated[talk.code]):
                person.talks.add(talk.code)
                seated[talk.code] += 1


def _preferred(talks: Sequence[TalkPlan], party: Party, lot: Random) -> list[TalkPlan]:
    """Return the sessions in the order of interest: those on a topic of the party first."""
    topics = party.offers | party.needs
    return sorted(talks, key=lambda talk: (not topics & set(talk.topics), lot.random()))


def _can_attend(talk: TalkPlan, person: Person, sits: Iterable[TalkPlan], calendar: Calendar, seated: int) -> bool:
    full = talk.seats is not None and seated >= talk.seats
    busy = any(_overlap(talk, other) for other in sits) or calendar.touched(talk.when) & person.away
    return not (full or busy)


def _overlap(one: TalkPlan, other: TalkPlan) -> bool:
    same_day = one.when.day == other.when.day
    return same_day and one.when.start < other.when.end and other.when.start < one.when.end
