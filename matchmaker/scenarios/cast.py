"""The parties of a scenario and their people, made of its vocabulary; the same seed gives the same ones."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from random import Random

from matchmaker.domain.states import Channel, Locale, WishLevel
from matchmaker.scenarios.people_file import HOSTS
from matchmaker.scenarios.plans import GroupPlan, HostPlan, Pair, Scenario, WindowPlan, WishPlan
from matchmaker.services.registration import Colleague

CONSENTS = frozenset({"scheduling", "directory"})


@dataclass(slots=True)
class Person:
    """Somebody to register. ``away`` are codes of slots, ``talks`` of sessions, ``named`` of closed sessions."""

    colleague: Colleague
    parallel: int = 1
    tied: bool = False
    away: set[str] = field(default_factory=set)
    talks: set[str] = field(default_factory=set)
    named: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Party:
    """An organisation with its people and wishes, which name other parties by their place in the list."""

    group: str
    names: Mapping[str, str]
    city: Pair
    country: str
    type: str | None
    delegation: str | None
    about: str
    offers: frozenset[str]
    needs: frozenset[str]
    popularity: float
    behaviour: WishPlan
    people: list[Person]
    is_host: bool = False
    meeting_slots: int = 1
    room: str | None = None
    stand: str | None = None
    windows: tuple[WindowPlan, ...] = ()
    wishes: dict[int, WishLevel] = field(default_factory=dict)


def parties(scenario: Scenario) -> list[Party]:
    """Return the hosts, then the parties of each group, without wishes."""
    numbers = count(1)
    found = [_host(scenario, host, numbers) for host in scenario.people.hosts]
    for group in scenario.people.groups:
        # A lot of its own for each group: to change one does not shuffle the others.
        found += _Crowd(scenario, group, Random(f"{scenario.event.seed}/{group.code}"), numbers).parties()
    return found


def dealt(shares: Mapping[str, int], size: int, lot: Random) -> list[str]:
    """Return ``size`` names in the given percentages, as near as whole numbers come, in random order."""
    exact = {name: share * size / 100 for name, share in shares.items()}
    hand = [name for name, number in exact.items() for _ in range(int(number))]
    by_rest = sorted(exact, key=lambda name: int(exact[name]) - exact[name])
    hand += by_rest[: size - len(hand)]
    lot.shuffle(hand)
    return hand


def _host(scenario: Scenario, host: HostPlan, numbers: Iterator[int]) -> Party:
    domain = _domain(host.names["fr"])
    return Party(
        group=HOSTS,
        names=host.names,
        city=host.city,
        country=host.country,
        type=host.type,
        delegation=host.delegation,
        about=host.about,
        offers=frozenset(host.offers),
        needs=frozenset(host.needs),
        popularity=host.popularity,
        behaviour=scenario.people.host_wishes,
        is_host=host.is_host,
        meeting_slots=host.meeting_slots,
        room=host.room,
        windows=host.windows,
        people=[
            Person(
                _colleague(
                    one.names,
                    one.job,
                    one.languages,
                    one.locale,
                    channel=one.channel,
                    domain=domain,
                    number=next(numbers),
                ),
                one.parallel,
                tied=host.room is not None,
            )
            for one in host.people
        ],
    )


class _Crowd:
    """The parties of one group."""

    def __init__(self, scenario: Scenario, group: GroupPlan, lot: Random, numbers: Iterator[int]) -> None:
        self._group, self._lot, self._numbers = group, lot, numbers
        self._culture = scenario.vocabulary.cultures[group.culture]
        self._jobs = scenario.vocabulary.jobs[group.jobs]

    def parties(self) -> list[Party]:
        group, lot = self._group, self._lot
        names = _names(group, lot)
        sizes = [int(size) for size in dealt(group.people, group.count, lot)]
        shared = dealt({"shared": group.shared_address, "own": 100 - group.shared_address}, group.count, lot)
        zones = [zone for zone, number in group.stands.items() for _ in range(number)]
        stands: list[str | None] = [*zones] or [None] * group.count
        lot.shuffle(stands)
        people = self._people(sizes, names, shared)
        made = [self._party(name, staff) for name, staff in zip(names, people, strict=True)]
        for party, stand in zip(made, stands, strict=True):
            party.stand = stand
        for party in sorted(made, key=lambda one: len(one.people))[: group.count * group.tied // 100]:
            party.people[0].tied = True  # whoever sells alone cannot leave
        return made

    def _party(self, name: Pair, people: list[Person]) -> Party:
        group, lot = self._group, self._lot
        return Party(
            group=group.code,
            names=_texts(name),
            city=lot.choice(group.cities),
            country=group.country,
            type=group.type,
            delegation=group.delegation,
            about=lot.choice(group.about) if group.about else "",
            offers=frozenset(lot.sample(group.offers, lot.randint(*group.offers_each))),
            needs=frozenset(lot.sample(group.needs, lot.randint(*group.needs_each))),
            popularity=group.popularity * lot.choice((0.5, 0.8, 1, 1, 1.5, 2.5)),
            behaviour=group.wishes,
            people=people,
        )

    def _people(self, sizes: Sequence[int], names: Sequence[Pair], shared: Sequence[str]) -> list[list[Person]]:
        group, lot, total = self._group, self._lot, sum(sizes)
        locales = iter(dealt(group.locales, total, lot))
        channels = iter(dealt(group.channels, total, lot))
        tongues = iter(dealt(group.languages, total, lot))
        namer = self._people_names()
        return [
            [
                Person(
                    _colleague(
                        next(namer),
                        lot.choice(self._jobs),
                        tuple(next(tongues).split()),
                        Locale(next(locales)),
                        channel=Channel(next(channels)),
                        domain=_domain(name[0]),
                        number=next(self._numbers),
                        mailbox="contact" if box == "shared" else None,
                    )
                )
                for _ in range(size)
            ]
            for size, name, box in zip(sizes, names, shared, strict=True)
        ]

    def _people_names(self) -> Iterator[dict[str, str]]:
        """Yield full names, none twice before all were used."""
        given = (*self._culture.women, *self._culture.men)
        everybody = [(first, last) for first in given for last in self._culture.families]
        while True:
            self._lot.shuffle(everybody)
            for first, last in everybody:
                yield _texts((f"{first[0]} {last[0]}", f"{first[1]} {last[1]}"))


def _names(group: GroupPlan, lot: Random) -> list[Pair]:
    """Return the names of a group's parties: forms in turn, so that none is missing, with roots by lot."""
    roots = {form: lot.sample(group.roots, len(group.roots)) for form in group.forms}
    turns: list[tuple[Pair, Pair]] = [
        (form, roots[form][number]) for number in range(len(group.roots)) for form in group.forms
    ]
    found: dict[str, Pair] = {}
    for (latin, arabic), root in turns:
        found.setdefault(latin.format(root[0]), (latin.format(root[0]), arabic.format(root[1])))
    return list(found.values())[: group.count]


def _colleague(
    names: Mapping[str, str],
    job: Mapping[str, str],
    languages: tuple[str, ...],
    locale: Locale,
    *,
    channel: Channel,
    domain: str,
    number: int,
    mailbox: str | None = None,
) -> Colleague:
    """Return a person with an address only where they are told things by mail, and a number that cannot exist."""
    box = mailbox or _ascii(next(iter(names.values())), ".")
    return Colleague(
        names=dict(names),
        email=f"{box}@{domain}" if channel is Channel.MAIL else None,
        phone=f"+212 000 {number:06}" if channel is not Channel.PAPER else None,
        job=dict(job),
        languages=languages,
        locale=locale,
        consents=CONSENTS,
        channel=channel,
    )


def _texts(name: Pair) -> dict[str, str]:
    return {"fr": name[0], "ar": name[1]}


def _domain(name: str) -> str:
    """Return a host under .example, which belongs to nobody."""
    return f"{_ascii(name, '-')[:40].strip('-')}.example"


def _ascii(text: str, glue: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold()).encode("ascii", "ignore").decode()
    return glue.join("".join(letter if letter.isalnum() else " " for letter in plain).split())
