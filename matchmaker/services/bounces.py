"""Mail that a relay took and that came back: its person is told in another way."""

from __future__ import annotations

import errno
import stat
from datetime import datetime, timedelta
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
SETTLED = timedelta(seconds=5)
"""Outside a Maildir, whose files appear whole, one that changed since may still be written."""

log = structlog.get_logger()
_troubles: dict[Path, str] = {}
"""What lies there and cannot be read or put aside, and why: said once, and tried again after all others."""


def read(folder: Path, *, now: datetime) -> int:
    """Read the reports that lie in a folder and keep what they say; return how many mails came back.

    A folder with ``new`` in it is a Maildir. A report is put aside once what it says is kept: whoever dies in
    between reads it again, which changes nothing. A file that cannot be read holds up no other.
    """
    return sum(_judged(file, now) for file in _waiting(folder, now))


def _waiting(folder: Path, now: datetime) -> list[Path]:
    """Return the files to read now, those that gave trouble before last."""
    is_maildir = (folder / "new").is_dir()
    inbox = folder / "new" if is_maildir else folder
    found = {file for file in inbox.iterdir() if not file.name.startswith(".") and file != folder / READ}
    for gone in _troubles.keys() - found:
        del _troubles[gone]
    whole = found if is_maildir else (file for file in found if not _is_fresh(file, now))
    return sorted(whole, key=lambda file: (file in _troubles, file.name))[:MOST_AT_ONCE]


def _is_fresh(file: Path, now: datetime) -> bool:
    """Tell whether it changed a moment ago, by the one time of a file that its writer cannot set."""
    try:
        return file.stat().st_ctime > (now - SETTLED).timestamp()
    except OSError:
        return False


def _judged(file: Path, now: datetime) -> int:
    """Keep what a file says and put it aside; return how many mails came back."""
    back = 0
    try:
        found = _reports(file)
        back = sum(_came_back(bounce, now) for bounce in found)
        _put_aside(file)
    except OSError as error:
        _say_once(file, error)
    else:
        if not found:
            log.info("mail.no_report", file=file.name[:100])
    return back


def _reports(file: Path) -> list[Bounce]:
    if not stat.S_ISREG(file.stat().st_mode):
        raise OSError(errno.EINVAL, "not a file", str(file))  # a pipe would be waited for
    with file.open("rb") as opened:
        text = opened.read(LONGEST)
    try:
        return bounces(text)
    except Exception as error:  # noqa: BLE001 -- whatever a stranger wrote holds up no other report
        log.warning("mail.unread_report", file=str(file), error=type(error).__name__, cause=str(error)[:200])
        return []


def _say_once(file: Path, error: OSError) -> None:
    if _troubles.get(file) != str(error):
        _troubles[file] = str(error)
        log.warning("mail.unread_report", file=str(file), error=type(error).__name__, cause=str(error)[:200])


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
