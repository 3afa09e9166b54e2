"""The organiser's priority for a few requests: never enough to cross a class, at most 5 %, with a reason."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matchmaker.domain.scoring import most_priorities
from matchmaker.domain.wording import N_
from matchmaker.errors import InvalidValue
from matchmaker.models import Organisation, Request
from matchmaker.services.steps import requests, rows
from matchmaker.services.steps.journal import record
from matchmaker.unit_of_work import unit_of_work


def mark(
    event_id: int, organisation_codes: tuple[str, str], reason: str, *, actor_id: int | None, now: datetime
) -> None:
    """Give the request between two organisations priority, for a reason that the log keeps.

    Raises
    ------
    InvalidValue
        If there is no such request, no reason, or 5 % of the requests have priority already.
    """
    with unit_of_work() as session:
        rows.the_event(session, event_id)
        requests.refresh(session, event_id, now=now)
        session.flush()
        request = _request(session, event_id, organisation_codes)
        if not reason.strip():
            raise InvalidValue("reason", N_("Write the reason: it is kept in the log."))
        if not request.priority:
            _refuse_too_many(session, event_id)
        request.priority, request.priority_reason = True, reason.strip()[:200]
        requests.refresh(session, event_id, now=now)
        detail = {"reason": request.priority_reason}
        _note(session, request, "request.priority", detail, actor_id=actor_id, now=now)


def unmark(event_id: int, organisation_codes: tuple[str, str], *, actor_id: int | None, now: datetime) -> None:
    """Take a request's priority back.

    Raises
    ------
    InvalidValue
        If there is no such request.
    """
    with unit_of_work() as session:
        request = _request(session, event_id, organisation_codes)
        request.priority, request.priority_reason = False, ""
        requests.refresh(session, event_id, now=now)
        _note(session, request, "request.priority_taken_back", {}, actor_id=actor_id, now=now)


def _request(session: Session, event_id: int, codes: tuple[str, str]) -> Request:
    named = select(Organisation.id).where(Organisation.event_id == event_id, Organisation.code.in_(codes))
    ids = list(session.scalars(named))
    pair = Request.event_id == event_id, Request.first_id.in_(ids), Request.second_id.in_(ids)
    found = session.scalar(select(Request).where(*pair, Request.state.in_(requests.LIVE)))
    if found is None:
        raise InvalidValue("other", N_("Neither of these two has asked for the other."))
    return found


def _refuse_too_many(session: Session, event_id: int) -> None:
    live = Request.event_id == event_id, Request.state.in_(requests.LIVE)
    total = session.scalar(select(func.count(Request.id)).where(*live)) or 0
    marked = session.scalar(select(func.count(Request.id)).where(*live, Request.priority.is_(True))) or 0
    if marked >= most_priorities(total):
        raise InvalidValue("other", N_("At most 5 % of the requests may have priority, and they have it already."))


def _note(
    session: Session, request: Request, verb: str, detail: dict[str, str], *, actor_id: int | None, now: datetime
) -> None:
    record(
        session,
        event_id=request.event_id,
        actor_id=actor_id,
        verb=verb,
        now=now,
        subject=request.code,
        detail=detail,
    )
