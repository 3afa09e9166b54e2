"""Personal links are keys: whatever writes an address into a log writes it without its token."""

from __future__ import annotations

import logging
import re

LOGGERS = ("werkzeug", "gunicorn.access", "gunicorn.error")
_TOKEN = re.compile(r"(/(?:a|r|f|sign-in)/)[^/\s?#\"']+")


def masked(text: str) -> str:
    """Return the text with the token of each personal link in it replaced by three dots."""
    return _TOKEN.sub(r"\1...", text)


class MaskTokens(logging.Filter):
    """Masks every record, its arguments included, and lets all through."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = masked(record.getMessage()), ()
        return True


def install() -> None:
    """Put the mask before the servers' own logs; once, however many applications there are."""
    for name in LOGGERS:
        logger = logging.getLogger(name)
        if not any(isinstance(one, MaskTokens) for one in logger.filters):
            logger.addFilter(MaskTokens())
