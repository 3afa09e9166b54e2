"""Which worker sends which mail next: each claims some at a time, and gives back what it does not get to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from matchmaker.domain.states import MAIL, MailState, moved
from matchmaker.extensions import current_settings
from matchmaker.models import Mail
from matchmaker.queries import sending
from matchmaker.unit_of_work import unit_of_work

MOST = 20
"""Of one event: what their letters say is read together."""


def claim(holder: str, now: datetime, most: int = MOST) -> list[int]:
    """Claim up to ``most`` mails that may leave now, and return their ids in the order in which they should.

    One that was tried before comes alone: if it kills its worker, no other is tried for nothing.
    """
    with unit_of_work() as session:
        mails = sending.together(current_settings(), now, _alike(_found(session, now, min(most, MOST))))
        for mail in mails:
            mail.state = moved(MAIL, mail.state, MailState.CLAIMED)
            mail.claimed_by, mail.claimed_at, mail.tries = holder, now, mail.tries + 1
        return [mail.id for mail in mails]


def give_back(ids: Sequence[int], holder: str) -> None:
    """Let others have what was claimed and not begun, as if nobody had tried."""
    with unit_of_work() as session:
        mine = Mail.id.in_(ids), Mail.state == MailState.CLAIMED, Mail.claimed_by == holder
        before = moved(MAIL, MailState.CLAIMED, MailState.QUEUED)
        left = {"state": before, "claimed_by": None, "claimed_at": None, "tries": Mail.tries - 1}
        session.execute(update(Mail).where(*mine).values(left))


def mark(mail_id: int, holder: str) -> bool:
    """Keep the state ``data``; false if the claim is lost, or mail was stopped meanwhile."""
    with unit_of_work() as session:
        mine = Mail.id == mail_id, Mail.state == MailState.CLAIMED, Mail.claimed_by == holder
        after = moved(MAIL, MailState.CLAIMED, MailState.DATA)
        marking = update(Mail).where(*mine, sending.not_stopped()).values(state=after).returning(Mail.id)
        return session.scalar(marking) is not None


def _found(session: Session, now: datetime, most: int) -> Sequence[Mail]:
    """Return what was asked for, if any of it may leave, and else what waits longest."""
    for due in sending.due(current_settings(), now):
        if found := session.scalars(due.limit(most).with_for_update(of=Mail, skip_locked=True)).all():
            return found
    return ()


def _alike(found: Sequence[Mail]) -> Sequence[Mail]:
    if not found or found[0].tries:
        return found[:1]
    return [mail for mail in found if mail.event_id == found[0].event_id and not mail.tries]
