"""One organisation's list of wishes, opened for a change: what may stand in it, and in which order."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
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

OPEN = frozenset({Phase.WISHES})


@dataclass(frozen=True, slots=True)
class WishList:
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
        """Let only those be answered who ask, and in time."""
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
        """Return what a no is here: told to the asker, or a private veto."""
        return WishLevel.NO if self.event.asking is Asking.REQUESTS else WishLevel.VETO

    def answer(self, levels: Mapping[int, WishLevel | None]) -> None:
        """Say these, None takes one back; what is as it was is not said again. The musts are numbered afterwards."""
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
        """Write into the log what was done to the list."""
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


def opened(session: Session, organisation_id: int, actor_id: int | None, now: datetime) -> WishList:
    """Open the list of an organisation, whose row is locked.

    Raises
    ------
    NotFound
        If there is no such organisation.
    WishesClosed, PhaseForbids
        If wishes are not open and the actor is not of the event's staff.
    """
    # The organisation's row is locked, so that two colleagues cannot both use the last place of a quota.
    organisation = session.scalar(select(Organisation).where(Organisation.id == organisation_id).with_for_update())
    if organisation is None:
        raise NotFound("organisation", organisation_id)
    event = session.get_one(Event, organisation.event_id)
    refuse_when_closed(session, event, actor_id, OPEN, now)
    wishes = session.scalars(select(Wish).where(Wish.organisation_id == organisation_id))
    return WishList(session, organisation, event, {wish.wanted_id: wish for wish in wishes}, actor_id, now)
