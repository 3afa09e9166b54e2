"""Names for rows that may be read by anybody and say nothing."""

from __future__ import annotations

import base64
import secrets


def new_code() -> str:
    """Return 12 lower-case letters and digits, random, that tell nothing of the row they name."""
    return base64.b32encode(secrets.token_bytes(8)).decode("ascii").rstrip("=").lower()[:12]
