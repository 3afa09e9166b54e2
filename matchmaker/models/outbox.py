"""Mail on its way, the words of organisers in it, the log of who did what, and the lease of the clock."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.domain.states import Locale, MailState
from matchmaker.models.account import Account
from matchmaker.models.base import Base, Instant, Texts, choice, of_event


class Mail(Base):
    """One message to one person. ``key`` (event, person, version or occasion, kind) makes it the only one.

    Nothing is rendered here: words and parts are made when it is sent, from ``kind`` and ``facts``.
    """

    __tablename__ = "mail"
    __table_args__ = (
        Index("ix_mail_due", "state", "next_try_at"),
        Index("ix_mail_claimed_at", "claimed_at"),
        of_event("participation_id", "participation", ondelete="CASCADE"),
        of_event("version_id", "version", ondelete="CASCADE"),
    )

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), index=True)
    participation_id: Mapped[int | None] = mapped_column(index=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    version_id: Mapped[int | None]
    kind: Mapped[str] = mapped_column(String(32))
    key: Mapped[str] = mapped_column(String(200), unique=True)
    message_id: Mapped[str] = mapped_column(String(200), unique=True)
    recipient: Mapped[str] = mapped_column(String(254))
    host: Mapped[str] = mapped_column(String(254), default="", server_default="")  # of the recipient
    locale: Mapped[Locale] = mapped_column(choice(Locale))
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    state: Mapped[MailState] = mapped_column(choice(MailState), default=MailState.QUEUED)
    tries: Mapped[int] = mapped_column(default=0)
    may_have_arrived: Mapped[bool] = mapped_column(default=False, server_default=false())  # before what waits now
    next_try_at: Mapped[dt.datetime] = mapped_column(Instant)
    claimed_by: Mapped[str | None] = mapped_column(String(64))
    claimed_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    answer: Mapped[str] = mapped_column(Text, default="")  # the relay's last words
    created_at: Mapped[dt.datetime] = mapped_column(Instant)
    sent_at: Mapped[dt.datetime | None] = mapped_column(Instant)

    account: Mapped[Account | None] = relationship()


class MessageText(Base):
    """What organisers wrote for one kind of message, in place of ours; a language that is missing is ours.

    Read when a mail is made; ``domain.texts`` says what may stand in it.
    """

    __tablename__ = "message_text"
    __table_args__ = (UniqueConstraint("event_id", "kind"),)

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(32))
    subjects: Mapped[Texts] = mapped_column(default=dict)
    openings: Mapped[Texts] = mapped_column(default=dict)
    revision: Mapped[int] = mapped_column(default=1)


class Notice(Base):
    """What the clock has told all people of an event, or found that it was too late to tell."""

    __tablename__ = "notice"
    __table_args__ = (UniqueConstraint("event_id", "name"),)

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(32))
    at: Mapped[dt.datetime] = mapped_column(Instant)


class LogEntry(Base):
    """Who did what, when, and for whom."""

    __tablename__ = "log_entry"

    event_id: Mapped[int | None] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), index=True)
    at: Mapped[dt.datetime] = mapped_column(Instant)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    for_participation_id: Mapped[int | None] = mapped_column(
        ForeignKey("participation.id", ondelete="SET NULL"), index=True
    )
    verb: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(80), default="")
    detail: Mapped[dict[str, Any]] = mapped_column(default=dict)

    actor: Mapped[Account | None] = relationship()


class Lease(Base):
    """Who holds a task that only one process may do. ``fence`` rises with every new holder."""

    __tablename__ = "lease"

    name: Mapped[str] = mapped_column(String(40), unique=True)
    holder: Mapped[str] = mapped_column(String(64))
    fence: Mapped[int] = mapped_column(default=1)
    expires_at: Mapped[dt.datetime] = mapped_column(Instant)
