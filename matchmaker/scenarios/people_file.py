"""people.toml and vocabulary.toml: who comes to a scenario's event, and the words of which they are made."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from matchmaker.domain.states import Channel, Locale
from matchmaker.queries.taxonomy import taxonomy
from matchmaker.scenarios.event_file import refuse_twice, stretch
from matchmaker.scenarios.plans import (
    Culture,
    EventPlan,
    GroupPlan,
    HostPerson,
    HostPlan,
    Pair,
    PeoplePlan,
    Vocabulary,
    WindowPlan,
    WishPlan,
)
from matchmaker.scenarios.tables import Table, read

HOSTS = "hosts"
"""The group of the hosts, where wishes name groups."""
MOST_PEOPLE_EACH = ("1", "2", "3", "4")


@dataclass(frozen=True, slots=True)
class _Known:
    """What people.toml may refer to."""

    event: EventPlan
    vocabulary: Vocabulary
    groups: tuple[str, ...] = ()

    @property
    def types(self) -> list[str]:
        return [row.code for row in self.event.types]

    @property
    def delegations(self) -> list[str]:
        return [row.code for row in self.event.delegations]

    @property
    def zones(self) -> list[str]:
        return [row.code for row in self.event.zones]

    @property
    def halls(self) -> list[str]:
        return [row.code for row in self.event.halls]

    @property
    def talks(self) -> list[str]:
        return [row.code for row in self.event.talks]

    @property
    def days(self) -> int:
        return len(self.event.frame.days)


def read_vocabulary(file: Path) -> Vocabulary:
    """Read vocabulary.toml, which all scenarios share.

    Raises
    ------
    ConfigurationError
        At the first thing that is wrong.
    """
    return read(file, _vocabulary)


def read_people(file: Path, event: EventPlan, vocabulary: Vocabulary) -> PeoplePlan:
    """Read people.toml, which refers to the event and to the vocabulary.

    Raises
    ------
    ConfigurationError
        At the first thing that is wrong.
    """
    return read(file, lambda table: _people(table, event, vocabulary))


def _vocabulary(table: Table) -> Vocabulary:
    return Vocabulary(
        cultures=table.named("cultures", _culture),
        jobs=table.named("jobs", lambda rows: rows.each("list", lambda row: row.texts("names", whole=True))),
    )


def _culture(table: Table) -> Culture:
    return Culture(table.pairs("women"), table.pairs("men"), table.pairs("families"))


def _people(table: Table, event: EventPlan, vocabulary: Vocabulary) -> PeoplePlan:
    codes = table.each("groups", _code_only)
    refuse_twice(table, "groups", codes)
    known = _Known(event, vocabulary, (HOSTS, *codes))
    return PeoplePlan(
        hosts=table.each(HOSTS, lambda row: _host(row, known)),
        host_wishes=table.part("host_wishes", lambda row: _wishes(row, known)),
        groups=table.each("groups", lambda row: _group(row, known)),
        vetoes=table.percent("vetoes"),
    )


def _code_only(table: Table) -> str:
    code = table.code("code")
    table.accept_the_rest()  # read again, whole, once all codes are known
    return code


def _host(table: Table, known: _Known) -> HostPlan:
    topics = tuple(taxonomy().topics)
    return HostPlan(
        names=table.texts("names", whole=True),
        city=_pair(table, "city"),
        country=table.text("country", "MA"),
        type=table.choice("type", known.types, None),
        delegation=table.choice("delegation", known.delegations, None),
        offers=table.choices("offers", topics, ()),
        needs=table.choices("needs", topics, ()),
        about=table.text("about", ""),
        popularity=table.factor("popularity"),
        is_host=table.flag("audiences", False),
        meeting_slots=table.whole("meeting_slots", 1, least=1, most=12),
        room=table.choice("room", known.halls, None),
        windows=table.each("windows", lambda row: WindowPlan(row.choices("topics", topics), stretch(row, known.days))),
        away=table.each("away", lambda row: stretch(row, known.days)),
        talks=table.choices("sessions", known.talks, ()),
        people=_some(table, table.each("people", _host_person)),
    )


def _host_person(table: Table) -> HostPerson:
    return HostPerson(
        names=table.texts("names"),
        job=table.texts("job"),
        languages=table.words("languages"),
        locale=Locale(table.choice("locale", tuple(Locale))),
        channel=Channel(table.choice("channel", tuple(Channel), Channel.MAIL)),
        parallel=table.whole("receives_at_once", 1, least=1, most=100),
    )


def _some(table: Table, people: tuple[HostPerson, ...]) -> tuple[HostPerson, ...]:
    if not people:
        raise table.wrong("people", "nobody", "at least one person")
    return people


def _group(table: Table, known: _Known) -> GroupPlan:
    group = GroupPlan(
        code=table.code("code"),
        count=table.whole("count", least=1, most=2000),
        type=table.choice("type", known.types, None),
        country=table.text("country", "MA"),
        delegation=table.choice("delegation", known.delegations, None),
        culture=table.choice("culture", tuple(known.vocabulary.cultures)),
        cities=table.pairs("cities"),
        forms=table.pairs("forms"),
        roots=table.pairs("roots"),
        about=table.words("about", []),
        jobs=table.choice("jobs", tuple(known.vocabulary.jobs)),
        people=table.shares("people", {"1": 100}, of=MOST_PEOPLE_EACH),
        languages=table.shares("languages"),
        locales=table.shares("locales", of=tuple(Locale)),
        channels=table.shares("channels", {"mail": 100}, of=tuple(Channel)),
        shared_address=table.percent("shared_address"),
        popularity=table.factor("popularity"),
        wishes=table.part("wishes", lambda row: _wishes(row, known)),
        **_topics(table),
        **_presence(table, known),
    )
    _refuse_too_few_names(table, group)
    _refuse_homeless(table, group)
    if (most := max(group.members.values(), default=0)) > group.count:
        raise table.wrong("members", f"{most} people", f"at most {group.count}, one of each party")
    return group


def _topics(table: Table) -> dict[str, Any]:
    topics = tuple(taxonomy().topics)
    offers, needs = table.choices("offers", topics, ()), table.choices("needs", topics, ())
    return {
        "offers": offers,
        "offers_each": _within(table, "offers_each", len(offers)),
        "needs": needs,
        "needs_each": _within(table, "needs_each", len(needs)),
    }


def _within(table: Table, key: str, most: int) -> tuple[int, int]:
    span = table.between(key, (0, 0))
    if span[1] > most:
        raise table.wrong(key, str(list(span)), f"at most {most}, as many as are listed")
    return span


def _presence(table: Table, known: _Known) -> dict[str, Any]:
    stays = table.between("stays", None) if table.has("stays") else None
    if stays and not 1 <= stays[0] <= stays[1] <= known.days:
        raise table.wrong("stays", str(list(stays)), f"from 1 to {known.days} days")
    closed = [talk.code for talk in known.event.talks if talk.closed]
    return {
        "stands": table.counts("stands", known.zones),
        "tied": table.percent("tied"),
        "stays": stays,
        "partly_free": table.percent("partly_free"),
        "attends": table.percent("attends"),
        "members": table.counts("members", closed),
    }


def _wishes(table: Table, known: _Known) -> WishPlan:
    frame = known.event.frame
    plan = WishPlan(
        musts=table.between("musts"),
        likes=table.between("likes"),
        wants=table.factors("wants", known.groups),
        answers=table.percent("answers"),
    )
    for key, span, quota in (("musts", plan.musts, frame.must_quota), ("likes", plan.likes, frame.like_quota)):
        if span[1] > quota:
            raise table.wrong(key, str(list(span)), f"at most {quota}, the event's quota")
    return plan


def _refuse_too_few_names(table: Table, group: GroupPlan) -> None:
    names = {latin.format(root) for latin, _ in group.forms for root, _ in group.roots}
    if len(names) < group.count:
        raise table.wrong("count", str(group.count), f"at most {len(names)}: forms x roots give no more names")


def _refuse_homeless(table: Table, group: GroupPlan) -> None:
    stands = sum(group.stands.values())
    if stands not in {0, group.count} or (group.tied and not stands):
        raise table.wrong("stands", f"{stands} stands", f"a stand for each of the {group.count}, or none")


def _pair(table: Table, key: str) -> Pair:
    words = table.words(key)
    if len(words) != 2:
        raise table.wrong(key, str(list(words)), 'Latin and Arabic letters, such as ["Fès", "فاس"]')
    return words[0], words[1]
