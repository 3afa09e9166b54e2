"""Texts of messages that organisers may write: which placeholders they admit, what is refused, how they are filled.

A text is plain. A placeholder is a word of a list in braces, and nothing else is read in it: no attribute, no index, no
format, no template. What stands for it is not read again.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from matchmaker.domain.plain import WORD_JOINER, isolated, no_link, one_line
from matchmaker.domain.wording import N_


class Part(StrEnum):
    SUBJECT = "subject"
    OPENING = "opening"


LONGEST: Mapping[Part, int] = {Part.SUBJECT: 150, Part.OPENING: 2000}
"""Characters of a text before it is filled."""
EVERYWHERE = ("name", "organisation", "event", "place", "dates")
OF_KIND: Mapping[str, tuple[str, ...]] = {
    "invitation": (),
    "welcome": (),
    "reminder": (),
    "waiting": ("requests",),
    "agenda": ("version",),
    "changes": ("changes", "version"),
    "entry": ("meeting",),
    "tomorrow": ("day",),
    "thanks": (),
    "deletion": ("day",),
}
"""The kinds whose texts may be written anew, in the order in which people get them, each with its own placeholders."""
LINK, MEETING = "link", "meeting"

Values = Mapping[str, Callable[[], str]]
"""What stands for each placeholder, worked out where it is asked for."""

_HOLE = re.compile(r"\{([^{}\n]*)\}")
_UNSEEN = frozenset({"Cc", "Cs", "Zl", "Zp"})
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")
_MOST_SHOWN = 40


class Fault(NamedTuple):
    """Why a text is refused: a sentence with a place for what is ``shown`` of it."""

    sentence: str
    shown: str


@dataclass(frozen=True, slots=True)
class Words:
    """What organisers wrote for a kind, by language: what is missing is ours."""

    subjects: Mapping[str, str]
    openings: Mapping[str, str]

    def of(self, part: Part) -> Mapping[str, str]:
        return self.subjects if part is Part.SUBJECT else self.openings


NOTHING = Words({}, {})


class Piece(NamedTuple):
    """Words, and the placeholder for which they stand, if they do."""

    words: str
    stands_for: str = ""


def placeholders(kind: str, part: Part) -> tuple[str, ...]:
    """Return the placeholders that a part of a kind admits: a link has no place in a subject.

    The opening of an invitation to one meeting is followed by the meeting.
    """
    found = (*EVERYWHERE, *OF_KIND[kind])
    return found if part is Part.SUBJECT else (*(one for one in found if one != MEETING), LINK)


def tidied(text: str) -> str:
    """Return a text as it is kept: ends of lines alike, tabs as blanks, no blanks at the ends."""
    lines = text.replace("\r\n", "\n").replace("\t", " ").split("\n")
    return "\n".join(line.rstrip() for line in lines).strip()


def fault(kind: str, part: Part, text: str) -> Fault | None:
    """Return why a text may not go out as it is, or None."""
    if len(text) > LONGEST[part]:
        return Fault(N_("This text has more than %(shown)s characters. Shorten it."), str(LONGEST[part]))
    if part is Part.SUBJECT and "\n" in text:
        second = text.split("\n", 1)[1]
        return Fault(N_("A subject is one line, and “%(shown)s” begins another."), _shortened(second))
    if unseen := next((letter for letter in text if letter != "\n" and _steers(letter)), None):
        code = f"U+{ord(unseen):04X}"
        return Fault(N_("It holds a character that nobody sees (%(shown)s). Write this place by hand."), code)
    return _fault_of_braces(text, placeholders(kind, part))


def _steers(letter: str) -> bool:
    return letter in _TURNING or unicodedata.category(letter) in _UNSEEN


def _fault_of_braces(text: str, known: Collection[str]) -> Fault | None:
    rest = text
    for hole in _HOLE.finditer(text):
        if hole[1] not in known:
            sentence = N_("%(shown)s is no placeholder of this text. Take one of the list, or leave out the braces.")
            return Fault(sentence, _shortened(hole[0]))
        rest = rest.replace(hole[0], "", 1)
    if lone := re.search(r"[{}].*", rest):
        sentence = N_("A brace has no counterpart at “%(shown)s”. A placeholder is one word between two braces.")
        return Fault(sentence, _shortened(lone[0]))
    return None


def _shortened(text: str) -> str:
    line = one_line(text)
    return line if len(line) <= _MOST_SHOWN else f"{line[:_MOST_SHOWN]}…"


def pieces(line: str, values: Values) -> Iterator[Piece]:
    """Yield the pieces of a line, what stands for its placeholders among them.

    No address in it becomes a link, and none that a placeholder would make whole.
    """
    line, at = one_line(line), 0
    for hole in _HOLE.finditer(line):
        if hole[1] in values:
            words = no_link(line[at : hole.start()])
            yield Piece(f"{words}{WORD_JOINER}" if words.endswith((".", ":", "/", "@")) else words)
            yield Piece(values[hole[1]](), hole[1])
            at = hole.end()
    yield Piece(no_link(line[at:]))


def in_a_header(text: str, values: Values) -> str:
    """Return a text for the subject of a mail."""
    return one_line("".join(piece.words for piece in pieces(text, values)))


def in_plain_text(text: str, values: Values, language: str) -> str:
    """Return a text for a mail without markup; names that run against the language stand isolated."""
    return "\n".join(
        "".join(_plain(piece, language) for piece in pieces(line, values)).rstrip() for line in text.split("\n")
    )


def _plain(piece: Piece, language: str) -> str:
    if not piece.stands_for or piece.stands_for == LINK:
        return piece.words
    return isolated(no_link(one_line(piece.words)), language)


def paragraphs(text: str, values: Values) -> list[list[list[Piece]]]:
    """Return a text for a page: its paragraphs, each its lines, each its pieces."""
    return [
        [[piece for piece in pieces(line, values) if piece.words] for line in paragraph.split("\n")]
        for paragraph in re.split(r"\n{2,}", text)
    ]
