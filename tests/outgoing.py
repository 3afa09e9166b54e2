"""What goes out to each mailbox, whoever reads it by now."""

from __future__ import annotations

from matchmaker import models
from matchmaker.domain.states import MailState
from matchmaker.extensions import db
from matchmaker.mail.letters import letter
from matchmaker.unit_of_work import unit_of_work


def sent(world):
    """Send all that waits; return what went out, by mailbox, in order."""
    db.session.rollback()
    waiting = db.select(models.Mail).where(models.Mail.state == MailState.QUEUED).order_by(models.Mail.id)
    found = {}
    for mail in db.session.scalars(waiting).all():
        made = letter(mail, lambda *_: b"", now=world.now)
        files = [one.content for one in made.attachments if one.name.endswith(".ics")]
        found.setdefault(mail.recipient, []).extend([*files, *([made.invitation] if made.invitation else [])])
        with unit_of_work() as session:
            session.get_one(models.Mail, mail.id).state = MailState.SENT
    return found
