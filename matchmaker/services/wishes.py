"""Whom an organisation wants to meet. The party is the organisation: its people share one list."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.domain.asking import IN_VAIN, request_state
from matchmaker.domain.states import ASKS, Asking, Phase, WishLevel
from matchmaker.errors import NotFound, QuotaUsed, RequestExpired
from matchmaker.models import Event, Organisation, Wish
from matchmaker.services.steps.acting import is_staff, refuse_when_closed
from matchmaker.services.steps.journal import record
from matchmaker.unit_of_work import unit_of_work

OPEN = frozenset({Phase.WISHES})


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
        wish_list = _opened(session, organisation_id, actor_id, now)
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
        wish_list = _opened(session, organisation_id, actor_id, now)
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
        wish_list = _opened(session, organisation_id, actor_id, now)
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
        wish_list = _opened(session, organisation_id, actor_id, now)
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
        wish_list = _opened(session, organisation_id, actor_id, now)
        musts = wish_list.musts()
        if wanted_id not in musts:
            raise NotFound("wish", wanted_id)
        place = max(0, min(len(musts) - 1, musts.index(wanted_id) + steps))
        musts.remove(wanted_id)
        musts.insert(place, wanted_id)
        wish_list.number(musts)
        wish_list.record("ranked_wishes")


@dataclass(frozen=True, slots=True)
class _WishList:
    """An organisation's wishes, opened for one change by one actor; ``stored`` is keyed by who is wanted."""

    session: Session
    organisation: Organisation
    event: Event
    stored: dict[int, Wish]
    actor_id: int | None
    now: datetime

    def musts(self) -> list[int]:
        """Return who must be met, the most important first."""
        musts = [wish for wish in self.stored.values() if wish.level is WishLevel.MUST]
        return [wish.wanted_id for wish in sorted(musts, key=lambda wish: (wish.rank or 0, wish.id or 0))]

    def but_vetoes(self, levels: Mapping[int, WishLevel | None]) -> dict[int, WishLevel | None]:
        """Return the answers that take no veto back."""
        return {id_: level for id_, level in levels.items() if level or self._level(id_) is not WishLevel.VETO}

    def refuse_unasked(self, asking_id: int) -> None:
        where = (Wish.organisation_id == asking_id, Wish.wanted_id == self.organisation.id, Wish.level.in_(ASKS))
        asked_at = self.session.scalar(select(Wish.made_at).where(*where))
        if asked_at is None:
            raise NotFound("request", asking_id)
        own = self.stored.get(asking_id)
        if not (own and own.level in ASKS) and self.event.terms.expired(asked_at, self.now):
            raise RequestExpired

    def reply(self, levels: Mapping[int, WishLevel | None]) -> None:
        """Keep answers to those who ask, listed or not. A wish of one's own says yes already and stays."""
        for asking_id, level in levels.items():
            own = self._level(asking_id)
            if own != level and not (level in {None, WishLevel.YES} and own in ASKS):
                self._set(asking_id, level)
                self.record("answered_request")

    def level_of_no(self) -> WishLevel:
        return WishLevel.NO if self.event.asking is Asking.REQUESTS else WishLevel.VETO

    def answer(self, levels: Mapping[int, WishLevel | None]) -> None:
        changed = {id_: level for id_, level in levels.items() if self._level(id_) != level}
        self._refuse_strangers(changed.keys() - self.stored.keys())
        for wanted_id, level in changed.items():
            self._set(wanted_id, level)
        self._refuse_over_quota(WishLevel.MUST, self.event.must_quota, changed)
        self._refuse_over_quota(WishLevel.LIKE, self.event.like_quota, changed)
        if changed:
            self.record("changed_wishes", count=len(changed))

    def number(self, order: Iterable[int]) -> None:
        """Rank the musts from 1 in this order; every must is in it."""
        musts = [id_ for id_ in dict.fromkeys(order) if self._level(id_) is WishLevel.MUST]
        for number, wanted_id in enumerate(musts, 1):
            self.stored[wanted_id].rank = number

    def record(self, verb: str, **detail: int) -> None:
        record(
            self.session,
            event_id=self.event.id,
            actor_id=self.actor_id,
            verb=verb,
            now=self.now,
            subject=self.organisation.code,
            detail=detail,
        )

    def _level(self, wanted_id: int) -> WishLevel | None:
        wish = self.stored.get(wanted_id)
        return wish.level if wish else None

    def _set(self, wanted_id: int, level: WishLevel | None) -> None:
        if level is None:
            self.session.delete(self.stored.pop(wanted_id))
            return
        if (wish := self.stored.get(wanted_id)) is None:
            ids = {"organisation_id": self.organisation.id, "wanted_id": wanted_id}
            wish = self.stored[wanted_id] = Wish(event_id=self.event.id, **ids)
            self.session.add(wish)
        wish.level, wish.rank = level, None
        wish.made_by_id, wish.made_at = self.actor_id, self.now

    def _in_vain(self) -> set[int]:
        """Return who was asked in vain: a request that was declined or has expired gives its place back."""
        said = select(Wish.organisation_id, Wish.level).where(Wish.wanted_id == self.organisation.id)
        with self.session.no_autoflush:  # new musts have no rank yet
            answers = dict(self.session.execute(said).all())
        terms = self.event.terms
        return {
            id_
            for id_, wish in self.stored.items()
            if request_state(wish.level, answers.get(id_), expired=terms.expired(wish.made_at, self.now)) in IN_VAIN
        }

    def _refuse_strangers(self, wanted_ids: Collection[int]) -> None:
        known = select(Organisation.id).where(
            Organisation.event_id == self.event.id,
            Organisation.id != self.organisation.id,
            Organisation.id.in_(wanted_ids),
        )
        if not is_staff(self.session, self.event.id, self.actor_id):
            known = known.where(Organisation.listed)
        if strangers := set(wanted_ids) - set(self.session.scalars(known)):
            raise NotFound("organisation", sorted(strangers))

    def _refuse_over_quota(self, level: WishLevel, quota: int, changed: Mapping[int, WishLevel | None]) -> None:
        # A quota that the organiser lowered later takes nothing away: only a new wish can be one too many.
        if level not in changed.values():
            return
        in_vain = self._in_vain()
        if sum(wish.level is level for id_, wish in self.stored.items() if id_ not in in_vain) > quota:
            raise QuotaUsed(level, quota)


def _opened(session: Session, organisation_id: int, actor_id: int | None, now: datetime) -> _WishList:
    # The organisation's row is locked, so that two colleagues cannot both use the last place of a quota.
    organisation = session.scalar(select(Organisation).where(Organisation.id == organisation_id).with_for_update())
    if organisation is None:
        raise NotFound("organisation", organisation_id)
    event = session.get_one(Event, organisation.event_id)
    refuse_when_closed(session, event, actor_id, OPEN, now)
    wishes = session.scalars(select(Wish).where(Wish.organisation_id == organisation_id))
    return _WishList(session, organisation, event, {wish.wanted_id: wish for wish in wishes}, actor_id, now)
