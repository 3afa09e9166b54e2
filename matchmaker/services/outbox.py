"""Sending what waits in the outbox: nothing lost, one Message-ID for each, copies only where it is marked.

A row goes queued, claimed, data, sent. ``data`` is kept just before the relay is told that the message is
complete; a row found in it after a crash may have been accepted or not, and is held or sent again as set.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import structlog
from flask_babel import force_locale
from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from matchmaker.domain.states import MAIL, MailState, moved
from matchmaker.errors import MailBuildError, MailOutOfDateError, NotFound
from matchmaker.extensions import current_settings, db
from matchmaker.mail import relay_log
from matchmaker.mail.letters import Reading, letter
from matchmaker.mail.messages import build_mail
from matchmaker.mail.smtp import Answer, Outcome, Relay
from matchmaker.models import Event, Mail
from matchmaker.paper.agenda import agenda_pdf
from matchmaker.queries import sending
from matchmaker.queries.ahead import Ahead
from matchmaker.queries.sending import TAKEN_BACK
from matchmaker.services import claims
from matchmaker.services.steps import journal, mailboxes, rows
from matchmaker.unit_of_work import unit_of_work

RETRY_MINUTES = (1, 5, 15, 60)
MOST_TRIES = 51
"""After 1, 5, 15 minutes and then hourly this is 48 hours of trying."""
CLAIM_LASTS = timedelta(minutes=10)
"""A claim older than this is of a worker that died; longer than one message may take. One that lies as far ahead was
stamped by a clock that was fast."""
MOST_AT_ONCE = 500
"""So many stamps are put right in one transaction."""

AT_HAND = timedelta(seconds=5)
"""What was claimed with others and is not begun by then goes back, to whoever is free."""
LOST = "lost"
Clock = Callable[[], datetime]

log = structlog.get_logger()


class ClaimLostError(Exception):
    """Another worker took the mail over while this one was at it."""


def send_due(
    *,
    holder: str,
    clock: Clock,
    most: int = 50,
    relay: Relay | None = None,
    leaving: Callable[[], bool] = lambda: False,
) -> Counter[str]:
    """Send up to ``most`` mails that are due, one after the other; return how many ended in which state.

    ``holder`` names the worker, which begins no other mail once it is ``leaving``. ``clock`` is the one that the sweep
    goes by, read anew for each stamp: a machine may sleep in between. No transaction is open while the relay is
    spoken to.
    """
    done: Counter[str] = Counter()
    if current_settings().mail_paused:
        return done
    way = relay or Relay(current_settings())
    while sum(done.values()) < most and not leaving():
        ids = claims.claim(holder, clock(), most - sum(done.values()))
        if not ids:
            return done
        ended, reached = _send_some(ids, holder, way, clock, leaving)
        done += ended
        if not reached:
            return done
    return done


def _send_some(
    ids: Sequence[int], holder: str, relay: Relay, clock: Clock, leaving: Callable[[], bool]
) -> tuple[Counter[str], bool]:
    """Send what was claimed, and give back what a slow relay, or the end, leaves no time for.

    Return how many ended in which state, and whether the relay was there.
    """
    done, read, began = Counter[str](), Ahead(ids).agenda, clock()
    for place, id_ in enumerate(ids):
        answer = _send(id_, holder, relay, clock(), read)
        done[_end(id_, holder, answer, clock()) if answer else LOST] += 1
        is_at_hand = timedelta() <= clock() - began <= AT_HAND  # not after a jump of the clock either
        if not answer or answer.outcome is Outcome.UNREACHED or leaving() or not is_at_hand:
            claims.give_back(ids[place if not answer else place + 1 :], holder)
            return done, not answer or answer.outcome is not Outcome.UNREACHED
    return done, True


def sweep(*, now: datetime) -> Counter[str]:
    """Take back what a dead worker had claimed; hold, or send again, what it was just handing over."""
    done: Counter[str] = Counter()
    stale = Mail.state.in_((MailState.CLAIMED, MailState.DATA)) & (Mail.claimed_at < now - CLAIM_LASTS)
    arrived = _taken_by_the_relay(stale)
    with unit_of_work() as session:
        _pull_back(session, now)
        for mail in session.scalars(select(Mail).where(stale).order_by(Mail.id).with_for_update(skip_locked=True)):
            _doubt(mail)
            _move(mail, _found(mail, arrived))
            mail.next_try_at, mail.claimed_by = now, None
            mail.sent_at = now if mail.state is MailState.SENT else None
            done[mail.state.value] += 1
            mailboxes.forget(session, mail)
        mailboxes.forget_old(session, now)
        _hold_what_was_put_away(session)
    return done


def _hold_what_was_put_away(session: Session) -> None:
    """Hold what a worker had in hand when its event was archived, and gave back."""
    session.flush()
    waits = Mail.state == MailState.QUEUED, sending.put_away()
    session.execute(update(Mail).where(*waits).values(state=moved(MAIL, MailState.QUEUED, MailState.HELD)))


def _pull_back(session: Session, now: datetime) -> None:
    """Judge from now on what was stamped by a clock that was ahead; what was to wait a while waits as long from now.

    All that was ever claimed is concerned: while it lies ahead it counts against every limit.
    """
    ahead = select(Mail).where(sending.ahead(now, CLAIM_LASTS, _pause(len(RETRY_MINUTES))))
    for mail in session.scalars(ahead.order_by(Mail.id).limit(MOST_AT_ONCE).with_for_update(skip_locked=True)):
        pause = _pause(max(mail.tries, 1)) if mail.claimed_at else mail.next_try_at - mail.created_at
        mail.next_try_at = min(mail.next_try_at, now + min(pause, sending.SPREAD))
        mail.claimed_at = mail.claimed_at and min(mail.claimed_at, now)
        mail.created_at = min(mail.created_at, now)


def _taken_by_the_relay(stale: ColumnElement[bool]) -> Collection[str]:
    """Return the Message-IDs that were being handed over and that the relay has, where its log can be read."""
    if not (file := current_settings().relay_log):
        return ()
    ids = db.session.scalars(select(Mail.message_id).where(stale, Mail.state == MailState.DATA)).all()
    db.session.rollback()
    return relay_log.accepted(Path(file), ids)


def _found(mail: Mail, arrived: Collection[str]) -> MailState:
    if mail.state is MailState.CLAIMED:
        return _once_more(mail)
    return MailState.SENT if mail.message_id in arrived else _when_in_doubt(mail)


def release(mail_id: int, *, actor_id: int | None, now: datetime) -> None:
    """Send a held or failed mail again, under its own Message-ID: somebody decided that a copy is no harm.

    Raises
    ------
    NotFound
        If there is no such mail, or it is neither held nor failed.
    """
    with unit_of_work() as session:
        mail = session.get(Mail, mail_id, with_for_update=True)
        if mail is None or mail.state not in {MailState.HELD, MailState.FAILED}:
            raise NotFound("mail", mail_id)
        _doubt(mail)
        _move(mail, MailState.QUEUED)
        mail.next_try_at, mail.tries = now, 0
        _note(session, mail, "mail.released", actor_id, now)


def settle(mail_id: int, *, actor_id: int | None, now: datetime) -> None:
    """Note that a held mail did arrive, as the relay's own log or its reader says.

    Raises
    ------
    NotFound
        If there is no such mail, or it is not held.
    """
    with unit_of_work() as session:
        mail = session.get(Mail, mail_id, with_for_update=True)
        if mail is None or mail.state is not MailState.HELD:
            raise NotFound("mail", mail_id)
        _move(mail, MailState.SENT)
        mail.sent_at = now
        _note(session, mail, "mail.settled", actor_id, now)


def stop(event_id: int, *, actor_id: int | None, now: datetime) -> None:
    """Let no mail of the event leave any more; what is under way is let go before its end."""
    _switch(event_id, now, "mail.stopped", actor_id, now)


def go_on(event_id: int, *, actor_id: int | None, now: datetime) -> None:
    """Let the mail of the event leave again, what waited meanwhile first."""
    _switch(event_id, None, "mail.went_on", actor_id, now)


def switch_all(*, on: bool, now: datetime) -> int:
    """Stop the mail of all events there are, or let it leave again, from the command line; return how many they are."""
    ids = db.session.scalars(select(Event.id).order_by(Event.id)).all()
    db.session.rollback()
    for event_id in ids:
        (go_on if on else stop)(event_id, actor_id=None, now=now)
    return len(ids)


def _switch(event_id: int, stopped_at: datetime | None, verb: str, actor_id: int | None, now: datetime) -> None:
    with unit_of_work() as session:
        event = rows.the_event(session, event_id)
        if (event.mail_stopped_at is None) is not (stopped_at is None):
            event.mail_stopped_at = stopped_at
            journal.record(session, event_id=event_id, actor_id=actor_id, verb=verb, now=now)


def _send(mail_id: int, holder: str, relay: Relay, now: datetime, read: Reading) -> Answer | None:
    """Make one mail and hand it over; None if another worker took it, or mail was stopped, meanwhile."""
    try:
        recipient, message = _built(mail_id, now, read)
    except (MailBuildError, MailOutOfDateError) as error:
        return Answer(Outcome.REFUSED, f"not sent: {error}")
    except Exception as error:  # noqa: BLE001 -- one mail that cannot be made must not hold up the others
        log.error("mail.unmade", mail=mail_id, error=type(error).__name__, cause=str(error)[:200])  # noqa: TRY400
        return Answer(Outcome.LATER, f"not made: {type(error).__name__}")
    try:
        return relay.hand_over(message, recipient, _marker(mail_id, holder))
    except ClaimLostError:
        return None


def _built(mail_id: int, now: datetime, read: Reading) -> tuple[str, bytes]:
    """Return to whom and what; the reading is over, and no transaction open, when this returns."""
    try:
        mail = db.session.get_one(Mail, mail_id)
        with force_locale(str(mail.locale)):
            return mail.recipient, build_mail(letter(mail, agenda_pdf, now=now, read=read), now=now)
    finally:
        db.session.rollback()


def _marker(mail_id: int, holder: str) -> Callable[[], None]:
    """Return what keeps the state ``data``: the last moment to step back, if the claim is lost or mail was stopped."""

    def mark() -> None:
        if not claims.mark(mail_id, holder):
            raise ClaimLostError

    return mark


def _end(mail_id: int, holder: str, answer: Answer, now: datetime) -> str:
    """Keep what the relay answered; return the state it leads to."""
    with unit_of_work() as session:
        mail = session.get(Mail, mail_id, with_for_update=True)
        if mail is None or not _ours(mail, holder, answer):  # it went with its person's data, or another has it
            return LOST
        after = _after(mail, answer)
        if answer.outcome is Outcome.IN_DOUBT:
            _doubt(mail)
        _move(mail, after)
        mail.answer, mail.claimed_by = answer.words, None
        mail.sent_at = now if after is MailState.SENT else None
        mail.next_try_at = now + _pause(mail.tries)
        log.info("mail", mail=mail.id, kind=mail.kind, state=after.value, tries=mail.tries)
        mailboxes.forget(session, mail)
        return after.value


def _ours(mail: Mail, holder: str, answer: Answer) -> bool:
    """Tell whether the answer is still news: a sweep may have held the mail, which only a yes can undo."""
    if mail.state is MailState.HELD:
        return answer.outcome is Outcome.ACCEPTED
    return mail.claimed_by == holder and mail.state in {MailState.CLAIMED, MailState.DATA}


def _after(mail: Mail, answer: Answer) -> MailState:
    match answer.outcome:
        case Outcome.ACCEPTED:
            return MailState.SENT
        case Outcome.REFUSED:
            return MailState.FAILED
        case Outcome.IN_DOUBT:
            return MailState.DATA if current_settings().relay_log else _when_in_doubt(mail)  # its log is asked later
        case Outcome.LATER | Outcome.UNREACHED:
            return _once_more(mail)


def _once_more(mail: Mail) -> MailState:
    """Return what becomes of a mail that nobody has: even one that kills its worker each time comes to an end."""
    return MailState.FAILED if mail.tries >= MOST_TRIES else MailState.QUEUED


def _when_in_doubt(mail: Mail) -> MailState:
    """Return what becomes of a mail that the relay may have: copies, too, come to an end.

    What takes entries out of a calendar is sent again in any case: nobody is shown it, and a copy says the same.
    """
    again = current_settings().mail_in_doubt == "resend" or mail.kind == TAKEN_BACK
    return MailState.QUEUED if again and mail.tries < MOST_TRIES else MailState.HELD


def _doubt(mail: Mail) -> None:
    """Remember of what the relay may have that it may: whatever becomes of its row, its reader may know of it."""
    mail.may_have_arrived |= mail.state in {MailState.DATA, MailState.HELD}


def _pause(tries: int) -> timedelta:
    """Return how long to wait after the ``tries``-th try, from 1."""
    return timedelta(minutes=RETRY_MINUTES[min(tries, len(RETRY_MINUTES)) - 1])


def _move(mail: Mail, after: MailState) -> None:
    mail.state = moved(MAIL, mail.state, after)


def _note(session: Session, mail: Mail, verb: str, actor_id: int | None, now: datetime) -> None:
    journal.record(
        session,
        event_id=mail.event_id,
        actor_id=actor_id,
        verb=verb,
        now=now,
        subject=mail.kind,
        for_participation_id=mail.participation_id,
    )
