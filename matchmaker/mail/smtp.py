"""The one place that speaks SMTP. It hands one message over, and says exactly how far it came."""

from __future__ import annotations

import re
import smtplib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple

from matchmaker.settings import Settings

SILENCE_SECONDS = 60.0
WHOLE_SECONDS = 300.0
END_OF_DATA = b"\r\n.\r\n"
SERVICE_READY = 354


class Outcome(StrEnum):
    ACCEPTED = "accepted"
    LATER = "later"
    """Refused for now: nothing was handed over, and it may be tried again."""
    UNREACHED = "unreached"
    """No relay answered, or it broke off before it had all: as LATER, and others would fare no better now."""
    REFUSED = "refused"
    """Refused for good: this message to this person."""
    IN_DOUBT = "in_doubt"
    """Everything was sent, and no answer came: the relay may have it."""


class Answer(NamedTuple):
    outcome: Outcome
    words: str


@dataclass(frozen=True, slots=True)
class Relay:
    """Where mail is handed over, and how long its silence is borne: at one answer, and over one message."""

    settings: Settings
    silence_seconds: float = SILENCE_SECONDS
    whole_seconds: float = WHOLE_SECONDS

    def hand_over(self, message: bytes, recipient: str, before_end: Callable[[], None]) -> Answer:
        """Hand one message to one person over, in a conversation of its own, so that none holds up another.

        ``before_end`` is called when the relay has all but the end of the message: until then nothing can have
        been accepted. What it raises ends the conversation there, and goes to the caller.
        """
        try:
            with self._conversation() as smtp:
                if refusal := _envelope(smtp, self.settings.mail_sender, recipient):
                    return refusal
                smtp.send(_stuffed(message))
                _refuse_early_words(smtp)
                before_end()
                return _ended(smtp, self.whole_seconds)
        except (OSError, smtplib.SMTPException) as error:  # a greeting or a password refused is no person's fault
            return Answer(Outcome.UNREACHED, _words_of(error))
        except ValueError as error:  # nor are words that smtplib cannot say or read; it quotes them, a password too
            return Answer(Outcome.UNREACHED, type(error).__name__)

    @contextmanager
    def _conversation(self) -> Iterator[smtplib.SMTP]:
        smtp = self._opened()
        try:
            smtp.ehlo_or_helo_if_needed()
            if self.settings.smtp_security == "starttls":
                smtp.starttls(context=ssl.create_default_context())
            if self.settings.smtp_user:
                smtp.login(self.settings.smtp_user, self.settings.smtp_password)
            yield smtp
            _leave(smtp)
        finally:
            smtp.close()

    def _opened(self) -> smtplib.SMTP:
        host, port, name = self.settings.smtp_host, self.settings.smtp_port, self.settings.host
        if self.settings.smtp_security == "tls":
            context = ssl.create_default_context()
            return _TimedTls(self.whole_seconds, host, port, name, timeout=self.silence_seconds, context=context)
        return _Timed(self.whole_seconds, host, port, name, timeout=self.silence_seconds)


class _Timed(smtplib.SMTP):
    """A conversation that ends after ``whole_seconds`` even with a relay that drips one byte at a time.

    A timeout of the socket alone bears silence; it begins anew with each byte.
    """

    def __init__(self, whole_seconds: float, *args: Any, **kwargs: Any) -> None:
        self.sock = None
        self._watch = threading.Timer(whole_seconds, self._hang_up)
        self._watch.daemon = True
        self._watch.start()
        try:
            super().__init__(*args, **kwargs)
        except BaseException:
            self._watch.cancel()
            raise

    def close(self) -> None:
        self._watch.cancel()
        super().close()

    def _hang_up(self) -> None:
        """Called from the watch's thread: whoever reads then sees the end of the line."""
        if self.sock is not None:
            try:
                socket.socket.shutdown(self.sock, socket.SHUT_RDWR)  # TLS's own would let plain text out meanwhile
            except OSError:
                return


class _TimedTls(_Timed, smtplib.SMTP_SSL):
    pass


def _envelope(smtp: smtplib.SMTP, sender: str, recipient: str) -> Answer | None:
    """Say from whom and to whom, and ask to send; return the first answer that is no yes.

    Whoever will not hear of our sender refuses all mail, not this person's.
    """
    answer = _answer(*smtp.mail(sender))
    if answer.outcome is not Outcome.ACCEPTED:
        return Answer(Outcome.UNREACHED, answer.words)
    answer = _answer(*smtp.rcpt(recipient))
    if answer.outcome is not Outcome.ACCEPTED:
        return answer
    code, words = smtp.docmd("DATA")
    if code == SERVICE_READY:
        return None
    answer = _answer(code, words)
    return Answer(Outcome.LATER, answer.words) if answer.outcome is Outcome.ACCEPTED else answer  # it has no text yet


def _stuffed(message: bytes) -> bytes:
    """Return the message without its last line's end, with a dot before each line that begins with one."""
    return re.sub(rb"(?m)^\.", b"..", message.removesuffix(b"\r\n"))


def _refuse_early_words(smtp: smtplib.SMTP) -> None:
    """End the conversation if the relay left, or spoke, before its turn: a yes that came too early is none."""
    if smtp.sock is None or smtp.file is None:
        return
    patience = smtp.sock.gettimeout()
    smtp.sock.settimeout(0)
    try:
        early = smtp.file.read(1)
    except ssl.SSLWantReadError:
        early = None
    finally:
        smtp.sock.settimeout(patience)
    if early is not None:
        raise smtplib.SMTPServerDisconnected("it left, or spoke before its turn")


def _ended(smtp: smtplib.SMTP, patience: float) -> Answer:
    """Say that the message is complete. Its answer is waited for as long as can be: without it nobody knows."""
    try:
        if smtp.sock is not None:
            smtp.sock.settimeout(patience)
        smtp.send(END_OF_DATA)
        code, words = smtp.getreply()
    except (OSError, smtplib.SMTPException, ValueError) as error:
        return Answer(Outcome.IN_DOUBT, _words_of(error))
    if 200 <= code < 300 or 400 <= code < 600:
        return _answer(code, words)
    return Answer(Outcome.IN_DOUBT, f"{code} {words!r}"[:500])  # no answer that a relay may give here


def _leave(smtp: smtplib.SMTP) -> None:
    """Part politely; after an answer nothing that happens here changes it."""
    try:
        smtp.quit()
    except (OSError, smtplib.SMTPException):
        return


def _answer(code: int, words: bytes | str) -> Answer:
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else str(words)
    said = f"{code} {text}"[:500]
    if 200 <= code < 300:
        return Answer(Outcome.ACCEPTED, said)
    return Answer(Outcome.REFUSED if 500 <= code < 600 else Outcome.LATER, said)


def _words_of(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:500]
