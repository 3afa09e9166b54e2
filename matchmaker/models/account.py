"""People as accounts, what they may do, and the links they sign in by."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.domain.states import Locale, Role
from matchmaker.models.base import Base, Instant, Texts, choice


class Account(Base):
    """A person. ``email`` is optional and not unique; ``login`` is, and only those with a password have one."""

    __tablename__ = "account"

    names: Mapped[Texts]
    email: Mapped[str | None] = mapped_column(String(254), index=True)
    phone: Mapped[str | None] = mapped_column(String(32))
    locale: Mapped[Locale] = mapped_column(choice(Locale))
    login: Mapped[str | None] = mapped_column(String(254), unique=True)
    password_hash: Mapped[str | None] = mapped_column(String(255))
    session_generation: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]

    memberships: Mapped[list[Membership]] = relationship(back_populates="account")


class Membership(Base):
    """A role of an account in one event."""

    __tablename__ = "membership"
    __table_args__ = (UniqueConstraint("event_id", "account_id"),)

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    role: Mapped[Role] = mapped_column(choice(Role))

    account: Mapped[Account] = relationship(back_populates="memberships")


class SignInLink(Base):
    """A single-use link. The token is derived from ``nonce`` and the house's secret; its digest is kept."""

    __tablename__ = "sign_in_link"

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    event_id: Mapped[int | None] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    nonce: Mapped[str] = mapped_column(String(64))
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None] = mapped_column(Instant)

    account: Mapped[Account] = relationship()


class Attempt(Base):
    """A try at something that is limited across processes; ``key`` names who and what."""

    __tablename__ = "attempt"

    key: Mapped[str] = mapped_column(String(200), index=True)
    at: Mapped[datetime] = mapped_column(index=True)
