"""What a scenario's files say, as plain values that were checked when they were read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from matchmaker.domain.states import Channel, Locale, Phase
from matchmaker.domain.timetable import PlannedSlot
from matchmaker.services.events import EventFrame
from matchmaker.services.types import TypeRules

Pair = tuple[str, str]
"""One name in Latin and in Arabic letters."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of one day; days count from 1."""

    day: int
    start: dt.time
    end: dt.time


@dataclass(frozen=True, slots=True)
class ZonePlan:
    code: str
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class WalkPlan:
    zones: tuple[str, str]
    minutes: int


@dataclass(frozen=True, slots=True)
class HallPlan:
    code: str
    names: Mapping[str, str]
    tables: int
    zone: str | None
    closed: tuple[Stretch, ...]


@dataclass(frozen=True, slots=True)
class TalkPlan:
    """A session. ``members``: how many people of each group are named for it, who cannot sign up by themselves."""

    code: str
    titles: Mapping[str, str]
    rooms: Mapping[str, str]
    when: Stretch
    zone: str | None
    for_everybody: bool
    closed: bool
    seats: int | None
    topics: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DelegationPlan:
    """The delegation is there from ``arrives`` to ``leaves``; None: from the start, to the end."""

    code: str
    names: Mapping[str, str]
    arrives: tuple[int, dt.time] | None
    leaves: tuple[int, dt.time] | None


@dataclass(frozen=True, slots=True)
class InterpreterPlan:
    names: Mapping[str, str]
    languages: tuple[str, ...]
    max_per_day: int | None
    max_consecutive: int | None
    absent: tuple[Stretch, ...]


@dataclass(frozen=True, slots=True)
class OrganiserPlan:
    names: Mapping[str, str]
    login: str
    locale: Locale


@dataclass(frozen=True, slots=True)
class EventPlan:
    """The whole of event.toml. ``frame`` still has the file's dates."""

    seed: int
    first_day_in: int
    phase: Phase
    organiser: OrganiserPlan
    frame: EventFrame
    slots: tuple[PlannedSlot, ...]
    types: tuple[TypeRules, ...]
    zones: tuple[ZonePlan, ...]
    walks: tuple[WalkPlan, ...]
    halls: tuple[HallPlan, ...]
    talks: tuple[TalkPlan, ...]
    delegations: tuple[DelegationPlan, ...]
    interpreters: tuple[InterpreterPlan, ...]


@dataclass(frozen=True, slots=True)
class Culture:
    """Names that go together."""

    women: tuple[Pair, ...]
    men: tuple[Pair, ...]
    families: tuple[Pair, ...]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    cultures: Mapping[str, Culture]
    jobs: Mapping[str, tuple[Mapping[str, str], ...]]


@dataclass(frozen=True, slots=True)
class WishPlan:
    """How the parties of a group wish. ``wants``: how much each group draws them, 0 not at all.

    ``answers``: percent of those who asked them whom they want as well, while their quotas last.
    """

    musts: tuple[int, int]
    likes: tuple[int, int]
    wants: Mapping[str, float]
    answers: int


@dataclass(frozen=True, slots=True)
class HostPerson:
    names: Mapping[str, str]
    job: Mapping[str, str]
    languages: tuple[str, ...]
    locale: Locale
    channel: Channel
    parallel: int


@dataclass(frozen=True, slots=True)
class WindowPlan:
    """Slots that a host keeps for those with one of the topics."""

    topics: tuple[str, ...]
    when: Stretch


@dataclass(frozen=True, slots=True)
class HostPlan:
    """A party known by name. ``room``: a hall of the event that is its own."""

    names: Mapping[str, str]
    city: Pair
    country: str
    type: str | None
    delegation: str | None
    offers: tuple[str, ...]
    needs: tuple[str, ...]
    about: str
    popularity: float
    is_host: bool
    meeting_slots: int
    room: str | None
    windows: tuple[WindowPlan, ...]
    away: tuple[Stretch, ...]
    talks: tuple[str, ...]
    people: tuple[HostPerson, ...]


@dataclass(frozen=True, slots=True)
class GroupPlan:
    """Parties that are generated: how many, what they are called, who comes for them, how they behave."""

    code: str
    count: int
    type: str | None
    country: str
    delegation: str | None
    culture: str
    cities: tuple[Pair, ...]
    forms: tuple[Pair, ...]
    roots: tuple[Pair, ...]
    about: tuple[str, ...]
    jobs: str
    offers: tuple[str, ...]
    offers_each: tuple[int, int]
    needs: tuple[str, ...]
    needs_each: tuple[int, int]
    people: Mapping[str, int]
    languages: Mapping[str, int]
    locales: Mapping[str, int]
    channels: Mapping[str, int]
    shared_address: int
    popularity: float
    stands: Mapping[str, int]
    tied: int
    stays: tuple[int, int] | None
    partly_free: int
    attends: int
    members: Mapping[str, int]
    wishes: WishPlan


@dataclass(frozen=True, slots=True)
class PeoplePlan:
    """The whole of people.toml. ``vetoes``: percent of the parties that say no thanks to one who asked them."""

    hosts: tuple[HostPlan, ...]
    host_wishes: WishPlan
    groups: tuple[GroupPlan, ...]
    vetoes: int


@dataclass(frozen=True, slots=True)
class Scenario:
    """A shipped event with its dates moved to where it is loaded."""

    name: str
    event: EventPlan
    people: PeoplePlan
    vocabulary: Vocabulary
