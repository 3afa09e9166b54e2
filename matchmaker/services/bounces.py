"""Mail that a relay took and that came back: its person is told in another way."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import structlog
from sqlalchemy import select

from matchmaker.domain.states import MAIL, MailState, moved
from matchmaker.mail.bounces import LONGEST, Bounce, bounces
from matchmaker.models import Mail
from matchmaker.services.steps import mailboxes
from matchmaker.unit_of_work import unit_of_work

MOST_AT_ONCE = 200
READ = "cur"

log = structlog.get_logger()


def read(folder: Path, *, now: datetime) -> int:
    """Read the reports that lie in a folder and keep what they say; return how many mails came back.

    A folder with ``new`` in it is a Maildir. A report is put aside once what it says is kept: whoever dies in
    between reads it again, which changes nothing.
    """
    back = 0
    for file in _waiting(folder):
        with file.open("rb") as opened:
            found = bounces(opened.read(LONGEST))
        back += sum(_came_back(bounce, now) for bounce in found)
        if not found:
            log.info("mail.no_report", file=file.name[:100])
        _put_aside(file)
    return back


def _waiting(folder: Path) -> Iterator[Path]:
    inbox = folder / "new" if (folder / "new").is_dir() else folder
    files = sorted(file for file in inbox.iterdir() if file.is_file() and not file.name.startswith("."))
    yield from files[:MOST_AT_ONCE]


def _put_aside(file: Path) -> None:
    is_maildir = file.parent.name == "new"
    aside = file.parent.parent / READ if is_maildir else file.parent / READ
    aside.mkdir(exist_ok=True)
    file.replace(aside / (f"{file.name}:2,S" if is_maildir else file.name))


def _came_back(bounce: Bounce, now: datetime) -> bool:
    """Note that a mail did not arrive: one that a relay has or may have, to the person it was sent to.

    A worker that is at it still finds that it lost it, whatever the relay answers.
    """
    with unit_of_work() as session:
        mail = session.scalar(select(Mail).where(Mail.message_id == bounce.message_id).with_for_update())
        if mail is None or mail.recipient.lower() != bounce.recipient or mail.state not in mailboxes.ARRIVED:
            return False
        mail.state, mail.answer, mail.claimed_by = moved(MAIL, mail.state, MailState.FAILED), bounce.words, None
        log.info("mail", mail=mail.id, kind=mail.kind, state=mail.state.value, at=now.isoformat())
        mailboxes.forget(session, mail)
        return True
