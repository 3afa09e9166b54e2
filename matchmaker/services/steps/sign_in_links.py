"""Single-use links: the row holds what the token is derived from and what it is found by, never the token."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from matchmaker.domain import links
from matchmaker.extensions import current_settings
from matchmaker.models import SignInLink

FIRST_MAIL_LASTS = timedelta(days=7)
"""The link of the first mail is often read in the evening, or by a colleague days later."""


def issue(
    session: Session, account_id: int, event_id: int | None, *, now: datetime, lasts: timedelta | None = None
) -> SignInLink:
    """Make a link for one account, good for ``lasts`` or else for the minutes of the settings."""
    lasts = lasts or timedelta(minutes=current_settings().sign_in_minutes)
    link = new_link(account_id, event_id, now=now, lasts=lasts)
    session.add(link)
    session.flush()
    return link


def new_link(account_id: int, event_id: int | None, *, now: datetime, lasts: timedelta) -> SignInLink:
    """Return the row of a link that nobody has kept yet."""
    nonce = secrets.token_hex(16)
    return SignInLink(
        account_id=account_id,
        event_id=event_id,
        nonce=nonce,
        token_digest=links.digest(token_of(nonce)),
        created_at=now,
        expires_at=now + lasts,
    )


def token_of(nonce: str) -> str:
    """Return the token that opens the link with this nonce."""
    return links.sign_in_token(current_settings().secret_key.encode(), bytes.fromhex(nonce))
