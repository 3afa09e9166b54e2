"""Whom the parties of a scenario want to meet: the popular are asked by many, what completes each other meets."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from matchmaker.domain.states import WishLevel
from matchmaker.domain.taxonomy import complement
from matchmaker.scenarios.cast import Party
from matchmaker.scenarios.plans import Scenario

PULL = 20
"""How many points of two parties' complement (0 to 100) make a wish as likely again."""
ONE_MUST_IN = 4
"""Of the answers, one in so many is a must, the rest are likes."""


def wish(scenario: Scenario, parties: Sequence[Party]) -> None:
    """Write the wishes of all parties into them, by the scenario's seed."""
    lot = Random(f"{scenario.event.seed}/wishes")
    frame = scenario.event.frame
    quotas = {WishLevel.MUST: frame.must_quota, WishLevel.LIKE: frame.like_quota}
    for number in range(len(parties)):
        _ask(parties, number, lot)
    _answer(parties, quotas, lot)
    _veto(parties, scenario.people.vetoes, lot)


def _ask(parties: Sequence[Party], number: int, lot: Random) -> None:
    """Draw whom one party asks, without replacement; the first are its musts, in order."""
    asker = parties[number]
    musts, likes = lot.randint(*asker.behaviour.musts), lot.randint(*asker.behaviour.likes)
    drawn = []
    for other, party in enumerate(parties):
        weight = _weight(asker, party) if other != number else 0.0
        if weight > 0:
            drawn.append((lot.random() ** (1 / weight), other))
    chosen = [other for _, other in sorted(drawn, reverse=True)[: musts + likes]]
    asker.wishes = {other: WishLevel.MUST if place < musts else WishLevel.LIKE for place, other in enumerate(chosen)}


def _weight(asker: Party, other: Party) -> float:
    if asker.delegation is not None and asker.delegation == other.delegation:
        return 0.0  # they travel together and need no table to talk at
    topics = complement(asker.offers, asker.needs, other.offers, other.needs)
    return asker.behaviour.wants.get(other.group, 0) * other.popularity * (1 + topics.score / PULL)


def _answer(parties: Sequence[Party], quotas: dict[WishLevel, int], lot: Random) -> None:
    """Let those who were asked want some of their askers as well, while their quotas last."""
    asked = [(one, other) for one, party in enumerate(parties) for other in party.wishes]
    lot.shuffle(asked)
    for one, other in asked:
        answering = parties[other]
        if one in answering.wishes or lot.random() * 100 >= answering.behaviour.answers:
            continue
        level = WishLevel.MUST if lot.randrange(ONE_MUST_IN) == 0 else WishLevel.LIKE
        used = sum(given is level for given in answering.wishes.values())
        if used < quotas[level]:
            answering.wishes[one] = level


def _veto(parties: Sequence[Party], percent: int, lot: Random) -> None:
    """Let a few parties say no thanks to one of those who asked them and were not answered."""
    askers: dict[int, list[int]] = {number: [] for number in range(len(parties))}
    for one, party in enumerate(parties):
        for other in party.wishes:
            if one not in parties[other].wishes:
                askers[other].append(one)
    wanted = [number for number, found in askers.items() if found]
    for number in sorted(lot.sample(wanted, min(len(wanted), len(parties) * percent // 100))):
        parties[number].wishes[lot.choice(askers[number])] = WishLevel.VETO
