"""Beginning and ending a signed-in session."""

from __future__ import annotations

from typing import Any

from flask import session
from flask_login import current_user, login_user, logout_user

from matchmaker.errors import NotFound
from matchmaker.queries import access
from matchmaker.web.signed_in import SignedIn


def begin(account_id: int) -> None:
    """Sign an account in, in a session of its own: nothing of the one before is kept but the language.

    Raises
    ------
    NotFound
        If the account is gone.
    """
    account = access.account(account_id)
    if account is None:
        raise NotFound("account", account_id)
    _renew()
    session.permanent = True
    login_user(SignedIn(account))


def account_id() -> int:
    """Return the account that is signed in; only for views that admit nobody else."""
    signed_in: Any = current_user
    return int(signed_in.id)


def account_id_if_any() -> int | None:
    signed_in: Any = current_user
    return int(signed_in.id) if signed_in.is_authenticated else None


def end() -> None:
    logout_user()
    _renew()


def _renew() -> None:
    language = session.get("lang")
    session.clear()
    if language:
        session["lang"] = language
