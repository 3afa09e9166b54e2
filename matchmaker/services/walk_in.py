"""Somebody comes without being registered: entered in one go as arrived, and given what places are free."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.domain.searching import folded
from matchmaker.domain.states import Channel, Locale, WishLevel
from matchmaker.errors import DoubleBooking, NotFound
from matchmaker.models import Event, Organisation, OrganisationTopic, Participation, Request, Texts, Wish
from matchmaker.queries.taxonomy import taxonomy
from matchmaker.scheduling import standby
from matchmaker.scheduling.standby import Board, Hole
from matchmaker.services.standby import Where, make
from matchmaker.services.steps import people, requests
from matchmaker.services.steps.codes import new_code
from matchmaker.services.steps.journal import record
from matchmaker.unit_of_work import unit_of_work


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody at the desk; ``needs`` are topics of the taxonomy, ``languages`` codes of which none means any."""

    names: Texts
    organisation: Texts
    languages: tuple[str, ...] = ()
    email: str | None = None
    phone: str | None = None
    locale: Locale = Locale.FRENCH
    needs: frozenset[str] = frozenset()
    consents: frozenset[str] = frozenset()

    @property
    def job(self) -> Texts:
        return {}

    @property
    def channel(self) -> Channel:
        """Tell people by mail where they have an address, else by phone, else on paper."""
        if self.email:
            return Channel.MAIL
        return Channel.PHONE if self.phone else Channel.PAPER


class Chosen(NamedTuple):
    """An organisation that the guest is to meet, and the place that was shown."""

    organisation: str
    where: Where


def register(event_id: int, guest: Guest, *, actor_id: int | None, now: datetime) -> int:
    """Enter somebody who is there, for the organisation of this name or a new one; return the participation.

    Raises
    ------
    DataDeleted
        If the event's announced day is over.
    InvalidValue
        If there is no name.
    NotFound
        If there is no such event.
    """
    with unit_of_work() as session:
        event = people.open_event(session, event_id, now)
        people.refuse_nameless(guest.names)
        people.refuse_nameless(guest.organisation, "organisation")
        organisation = _of_this_name(session, event_id, guest.organisation) or _new(session, event_id, guest, now)
        _add_needs(organisation, guest.needs)
        account = people.new_account(session, guest, now)
        one = people.join(session, organisation, account, guest, now)
        one.arrived_at = now
        people.welcome(session, event, one, now)
        about: dict[str, Any] = {"event_id": event_id, "actor_id": actor_id, "now": now, "for_participation_id": one.id}
        record(session, verb="registered", subject=organisation.code, **about)
        record(session, verb="arrived", subject=one.code, **about)
        return one.id


def take(
    event_id: int, participation_id: int, chosen: Sequence[Chosen], *, actor_id: int | None, now: datetime
) -> list[int]:
    """Give somebody all these places, of which each is a wish of their organisation; return whom no mail tells.

    Raises
    ------
    DoubleBooking
        If somebody was quicker with one of them: then none is taken.
    MeetingOver, NotPossibleThere, PhaseForbids
        As for ``standby.take``.
    NotFound
        If the event has no such person or organisation, or no version of it is out.
    """
    with unit_of_work() as session:
        one = session.get(Participation, participation_id)
        if one is None or one.event_id != event_id or one.withdrawn:
            raise NotFound("participation", participation_id)
        own, ids = one.organisation_id, _ids(session, event_id, [row.organisation for row in chosen])
    guest = standby.Guest(participation_id, own, tuple(ids.values()))

    def choose(board: Board) -> list[Hole]:
        holes: list[Hole] = []
        for row in chosen:
            request_id = board.between(own, ids[row.organisation])
            if request_id is None:
                raise DoubleBooking
            holes.append(board.exactly(request_id, *row.where))
            board = board.with_held(holes[-1])
        return holes

    def ready(session: Session, event: Event, holes: Sequence[Hole]) -> list[Hole]:
        for other in ids.values():
            _wish(session, own, other, event_id=event.id, made_by_id=actor_id, made_at=now)
        session.flush()
        requests.refresh(session, event_id, now=now)
        session.flush()
        found = {
            row.second_id if row.first_id == own else row.first_id: row.id
            for row in _requests_of(session, event_id, own)
        }
        return [replace(hole, request_id=found[other]) for hole, other in zip(holes, ids.values(), strict=True)]

    made = make(event_id, choose, guest=guest, ready=ready, actor_id=actor_id, now=now)
    return [person for _hole, silent in made for person in silent]


def _of_this_name(session: Session, event_id: int, names: Texts) -> Organisation | None:
    wanted = {folded(name) for name in names.values()}
    rows = session.scalars(select(Organisation).where(Organisation.event_id == event_id).order_by(Organisation.id))
    return next((row for row in rows if wanted & {folded(name) for name in row.names.values()}), None)


def _new(session: Session, event_id: int, guest: Guest, now: datetime) -> Organisation:
    organisation = Organisation(event_id=event_id, code=new_code(), names=guest.organisation, created_at=now)
    session.add(organisation)
    return organisation


def _add_needs(organisation: Organisation, needs: frozenset[str]) -> None:
    there = {row.topic for row in organisation.topics if row.kind == "need"}
    organisation.topics += [
        OrganisationTopic(event_id=organisation.event_id, kind="need", topic=topic)
        for topic in sorted(needs & taxonomy().topics.keys() - there)
    ]


def _ids(session: Session, event_id: int, codes: Sequence[str]) -> dict[str, int]:
    """Return the organisations of these codes, in the order of the codes."""
    rows = select(Organisation.code, Organisation.id).where(Organisation.event_id == event_id)
    found = {code: id_ for code, id_ in session.execute(rows.where(Organisation.code.in_(codes)))}  # noqa: C416 -- rows are no pairs to mypy
    if missing := set(codes) - found.keys():
        raise NotFound("organisation", min(missing))
    return {code: found[code] for code in codes}


def _wish(session: Session, own: int, other: int, **made: Any) -> None:
    """Write down that they want to meet, where they said nothing yet."""
    there = select(Wish.id).where(Wish.organisation_id == own, Wish.wanted_id == other)
    if session.scalar(there) is None:
        session.add(Wish(organisation_id=own, wanted_id=other, level=WishLevel.LIKE, **made))


def _requests_of(session: Session, event_id: int, own: int) -> Sequence[Request]:
    own_side = (Request.first_id == own) | (Request.second_id == own)
    return session.scalars(select(Request).where(Request.event_id == event_id, own_side)).all()
