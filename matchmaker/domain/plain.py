"""Strings that people wrote, made harmless and legible in headers, calendars and the text of a mail."""

from __future__ import annotations

import re
import unicodedata

ISOLATE, LEFT_TO_RIGHT, POP = "\u2068", "\u2066", "\u2069"
WORD_JOINER = "\u2060"
_LINK_LIKE = re.compile(r"(?<=\w)([.:])(?=[\w/]{2})")
RIGHT_TO_LEFT = frozenset({"ar"})
_LEFT_RUNNING, _RIGHT_RUNNING = frozenset({"L"}), frozenset({"R", "AL"})
_SPACES = re.compile(r" +")
_LONE = frozenset({"Zl", "Zp", "Cc", "Cs"})


def one_line(text: str) -> str:
    """Return the text without anything that could end a line or steer a program: one line, single spaces.

    Marks that turn the direction of writing for good go as well; those that isolate are ours to set.
    """
    kept = (" " if unicodedata.category(letter) in _LONE else letter for letter in text)
    return _SPACES.sub(" ", "".join(letter for letter in kept if letter not in _OVERRIDES)).strip()


def no_link(text: str) -> str:
    """Return a line that no mail program makes a link of, though a name in it look like an address."""
    return _LINK_LIKE.sub(rf"\1{WORD_JOINER}", text).replace("@", f"@{WORD_JOINER}")


def isolated(text: str, language: str) -> str:
    """Wrap a name that runs against the direction of the language, so that the line round it keeps its order."""
    against = _LEFT_RUNNING if language in RIGHT_TO_LEFT else _RIGHT_RUNNING
    along = against.isdisjoint(map(unicodedata.bidirectional, text))
    return text if along else f"{ISOLATE}{text}{POP}"


def left_to_right(text: str) -> str:
    """Wrap a time or a number, which read from left to right in every line."""
    return f"{LEFT_TO_RIGHT}{text}{POP}"


_OVERRIDES = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c\ufeff")
