"""Putting a mail into the outbox, in the same unit of work as the change it tells of."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.domain.calendar_uid import message_id
from matchmaker.domain.states import Channel
from matchmaker.extensions import current_settings
from matchmaker.models import Account, Event, Mail, Participation
from matchmaker.queries.sending import ONLY_BY_MAIL, UNASKED


def enqueue(
    session: Session,
    *,
    event: Event,
    kind: str,
    occasion: str,
    now: datetime,
    participation: Participation | None = None,
    account: Account | None = None,
    facts: dict[str, Any] | None = None,
    version_id: int | None = None,
    not_before: datetime | None = None,
) -> Mail | None:
    """Put one message to one person into the outbox, once however often it is called.

    The person is a participation, or an account that has none (staff, a sign-in before registration).
    ``occasion`` tells messages of one kind apart: the number of a version, the id of a sign-in link. The
    Message-ID follows from event, person, occasion and kind. Nothing is put where the person has no address,
    or is told things by phone or on paper; ``facts`` must hold no secret.
    """
    mail = drafted(event, kind, occasion, now, participation=participation, account=account, facts=facts)
    if mail is None:
        return None
    if (there := session.scalar(select(Mail).where(Mail.key == mail.key))) is not None:
        return there
    mail.version_id = version_id
    mail.next_try_at = not_before or now
    session.add(mail)
    return mail


def drafted(
    event: Event,
    kind: str,
    occasion: str,
    now: datetime,
    *,
    participation: Participation | None = None,
    account: Account | None = None,
    facts: dict[str, Any] | None = None,
) -> Mail | None:
    """Return the row of a message as ``enqueue`` puts it, for those who put many at once and know that none is there.

    Facts note who has invitations by now: a message put before brings the file, or what it takes back is never told.
    None where the person is not told things by mail.
    """
    if (reader := participation.account if participation else account) is None:
        raise ValueError("a mail is to a participation or to an account")
    if not reader.email or (participation and _is_unwanted(kind, participation)):
        return None
    by_invitation = {"by_invitation": True} if participation and participation.by_invitation else {}
    person = f"p{participation.id}" if participation else f"a{reader.id}"
    key = f"{event.id}/{person}/{occasion}/{kind}"
    return Mail(
        event_id=event.id,
        participation_id=participation.id if participation else None,
        account_id=reader.id,
        kind=kind,
        key=key,
        message_id=message_id(kind, key, current_settings().host),
        recipient=reader.email,
        host=host_of(reader.email),
        locale=reader.locale,
        facts={**(facts or {}), **by_invitation},
        next_try_at=now,
        created_at=now,
    )


def host_of(mailbox: str) -> str:
    return mailbox.rpartition("@")[2].lower()


def _is_unwanted(kind: str, participation: Participation) -> bool:
    if kind in UNASKED and not participation.wants_reminders:
        return True
    return participation.channel is not Channel.MAIL and kind not in ONLY_BY_MAIL
