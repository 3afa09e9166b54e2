"""Wishes for an event that has none yet, such as its people may well have: by what completes each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from matchmaker.domain.states import WishLevel
from matchmaker.domain.taxonomy import complement
from matchmaker.queries import rehearsed
from matchmaker.queries.rehearsed import Party
from matchmaker.rehearsal.plan import Plan

MUSTS, LIKES = (1, 3), (2, 6)
"""The least and the most that an organisation asks for, within the event's quotas."""
ANSWERED_PERCENT = 35
PULL = 20
"""How many points of two parties' complement (0 to 100) make a wish as likely again, as in the shipped scenarios."""
HOST_PULL = 4.0

Wishes = dict[int, dict[int, WishLevel]]


def wishes(event_id: int, plan: Plan, quotas: Mapping[WishLevel, int]) -> Wishes:
    """Return by organisation whom it wants, the most wanted first; equal plans give equal wishes."""
    found = rehearsed.parties(event_id)
    wanted = {party.id: _asked(party, found, plan, quotas) for party in found}
    _answer(wanted, plan, quotas[WishLevel.LIKE])
    return wanted


def _asked(party: Party, others: Sequence[Party], plan: Plan, quotas: Mapping[WishLevel, int]) -> dict[int, WishLevel]:
    lot = plan.lot("asks", party.id)
    musts = min(quotas[WishLevel.MUST], lot.randint(*MUSTS))
    likes = min(quotas[WishLevel.LIKE], lot.randint(*LIKES))
    drawn = sorted((lot.random() ** (1 / _pull(party, other)), other.id) for other in others if _may(party, other))
    chosen = [id_ for _, id_ in reversed(drawn)][: musts + likes]
    return {id_: WishLevel.MUST if place < musts else WishLevel.LIKE for place, id_ in enumerate(chosen)}


def _may(one: Party, other: Party) -> bool:
    together = one.delegation_id is not None and one.delegation_id == other.delegation_id
    return one.id != other.id and not together


def _pull(one: Party, other: Party) -> float:
    score = complement(one.offers, one.needs, other.offers, other.needs).score
    return (HOST_PULL if other.is_host else 1.0) * (1 + score / PULL)


def _answer(wanted: Wishes, plan: Plan, quota: int) -> None:
    """Let some of those who were asked want their askers as well, while their quota lasts."""
    asked = [(one, other) for one, given in wanted.items() for other in given]
    lot = plan.lot("answers")
    lot.shuffle(asked)
    for one, other in asked:
        answering = wanted[other]
        likes = sum(level is WishLevel.LIKE for level in answering.values())
        if one not in answering and likes < quota and lot.random() * 100 < ANSWERED_PERCENT:
            answering[one] = WishLevel.LIKE
