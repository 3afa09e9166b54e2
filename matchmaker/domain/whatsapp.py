"""Addresses that open WhatsApp with a text to send; nothing of ours talks to it."""

from __future__ import annotations

import re
from urllib.parse import quote

INTERNATIONAL = re.compile(r"(?:\+|00)\s*([1-9][0-9 ().-]{6,})\Z")


def address(text: str, phone: str | None = None) -> str:
    """Return the address that opens WhatsApp with a text, to a number if it is a whole international one.

    A number as it is dialled at home belongs to nobody abroad: then WhatsApp asks to whom.
    """
    found = INTERNATIONAL.match((phone or "").replace("(0)", "").strip())
    digits = re.sub(r"[^0-9]", "", found[1]) if found else ""
    return f"https://wa.me/{digits}?text={quote(text, safe='')}"
