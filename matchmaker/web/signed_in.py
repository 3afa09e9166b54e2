"""Who is signed in, as Flask-Login wants to see it: a thin coat over an account."""

from __future__ import annotations

from flask_login import UserMixin

from matchmaker.domain.states import Locale
from matchmaker.models import Account
from matchmaker.queries import access


class SignedIn(UserMixin):
    """The signed-in account. ``session_generation`` in the cookie lets an account end all its sessions."""

    def __init__(self, account: Account) -> None:
        self.id: int = account.id
        self.names = account.names
        self.locale: Locale = account.locale
        self._generation = account.session_generation

    def get_id(self) -> str:
        return f"{self.id}.{self._generation}"


def load_account(cookie: str) -> SignedIn | None:
    """Return who the session cookie names, or None if the account is gone or ended its sessions."""
    account_id, _, generation = cookie.partition(".")
    if not (account_id.isdigit() and generation.isdigit()):
        return None
    account = access.account(int(account_id))
    if account is None or account.session_generation != int(generation):
        return None
    return SignedIn(account)
