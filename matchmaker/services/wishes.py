"""Whom an organisation wants to meet. The party is the organisation: its people share one list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from matchmaker.domain.states import WishLevel
from matchmaker.errors import NotFound
from matchmaker.services.steps.wish_list import opened
from matchmaker.unit_of_work import unit_of_work


@dataclass(frozen=True, slots=True)
class WishInput:
    """One line of a list. ``rank`` orders the musts among themselves; what has none comes last, as listed."""

    wanted_id: int
    level: WishLevel
    rank: int | None = None


def replace(organisation_id: int, wishes: Sequence[WishInput], *, actor_id: int | None, now: datetime) -> None:
    """Make ``wishes`` the organisation's whole list.

    Raises
    ------
    NotFound
        If the organisation, or one that it wants, is not in the event, or is its own.
    QuotaUsed
        If there are more musts or likes than the event allows; the stored list is left as it was.
    WishesClosed, PhaseForbids
        If wishes are not open and the actor is not of the event's staff.
    """
    with unit_of_work() as session:
        wish_list = opened(session, organisation_id, actor_id, now)
        levels: dict[int, WishLevel | None] = dict.fromkeys(wish_list.stored)
        levels.update({wish.wanted_id: wish.level for wish in wishes})
        last = len(wishes) + 1
        wish_list.answer(levels)
        wish_list.number([wish.wanted_id for wish in sorted(wishes, key=lambda wish: wish.rank or last)])


def give(
    organisation_id: int,
    wanted_id: int,
    level: WishLevel | None,
    *,
    actor_id: int | None,
    now: datetime,
    blind: bool = False,
) -> None:
    """Say one wish, or take it back (None). A new must is the last in the order of importance.

    Raises
    ------
    NotFound, QuotaUsed, WishesClosed, PhaseForbids
        As for ``replace``.
    """
    answer(organisation_id, {wanted_id: level}, actor_id=actor_id, now=now, blind=blind)


def answer(
    organisation_id: int,
    levels: Mapping[int, WishLevel | None],
    *,
    actor_id: int | None,
    now: datetime,
    blind: bool = False,
) -> None:
    """Say several wishes at once, None takes one back; what is not named stays. All of them, or none.

    Who is ``blind`` does not see vetoes, and so takes none back by leaving a row as it looks.

    Raises
    ------
    NotFound, QuotaUsed, WishesClosed, PhaseForbids
        As for ``replace``.
    """
    with unit_of_work() as session:
        wish_list = opened(session, organisation_id, actor_id, now)
        if blind:
            levels = wish_list.but_vetoes(levels)
        order = [*wish_list.musts(), *levels]
        wish_list.answer(levels)
        wish_list.number(order)


def reply(
    organisation_id: int,
    asking_id: int,
    *,
    yes: bool | None,
    actor_id: int | None,
    now: datetime,
    blind: bool = False,
) -> None:
    """Say yes or no to an organisation that asks for a meeting, or take the answer back (None).

    A yes takes no place of a quota. A no is told to the asker where meetings take both sides' consent; where wishes
    are weighed it is a veto and stays private. Who asks for the same meeting has said yes already. ``blind`` as above.

    Raises
    ------
    NotFound
        If the other does not ask.
    RequestExpired
        If the request waited for its answer for longer than the event allows.
    WishesClosed, PhaseForbids
        As for ``replace``.
    """
    with unit_of_work() as session:
        wish_list = opened(session, organisation_id, actor_id, now)
        wish_list.refuse_unasked(asking_id)
        level = None if yes is None else WishLevel.YES if yes else wish_list.level_of_no()
        wish_list.reply(wish_list.but_vetoes({asking_id: level}) if blind else {asking_id: level})
        wish_list.number(wish_list.musts())


def rank(organisation_id: int, ordered_ids: Sequence[int], *, actor_id: int | None, now: datetime) -> None:
    """Put the musts in this order of importance; musts that are not named follow in their old order.

    Raises
    ------
    NotFound
        If an id is not one of the organisation's musts.
    WishesClosed, PhaseForbids
        As for ``replace``.
    """
    with unit_of_work() as session:
        wish_list = opened(session, organisation_id, actor_id, now)
        musts = wish_list.musts()
        if strangers := set(ordered_ids) - set(musts):
            raise NotFound("wish", sorted(strangers))
        wish_list.number([*ordered_ids, *musts])
        wish_list.record("ranked_wishes")


def move(organisation_id: int, wanted_id: int, steps: int, *, actor_id: int | None, now: datetime) -> None:
    """Move one must up (negative) or down in the order of importance, as far as it goes.

    Raises
    ------
    NotFound
        If it is not one of the organisation's musts.
    WishesClosed, PhaseForbids
        As for ``replace``.
    """
    with unit_of_work() as session:
        wish_list = opened(session, organisation_id, actor_id, now)
        musts = wish_list.musts()
        if wanted_id not in musts:
            raise NotFound("wish", wanted_id)
        place = max(0, min(len(musts) - 1, musts.index(wanted_id) + steps))
        musts.remove(wanted_id)
        musts.insert(place, wanted_id)
        wish_list.number(musts)
        wish_list.record("ranked_wishes")
