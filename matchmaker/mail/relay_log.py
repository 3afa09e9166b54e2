"""What the log of a Postfix on this machine says of messages that we handed over and got no answer for."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from pathlib import Path

NAMED = re.compile(r"/cleanup\[\d+\]: ([0-9A-Za-z]+): (?:resent-)?message-id=(<[^>]*>)")
TAKEN = re.compile(r"/qmgr\[\d+\]: ([0-9A-Za-z]+): from=<")


def accepted(file: Path, message_ids: Collection[str]) -> frozenset[str]:
    """Return those of the Message-IDs that Postfix has taken into its queue, by its log and the one rotated before.

    Postfix names a message as soon as it reads its head, when the rest may still be missing; only what its queue
    manager took up is its own. A log that cannot be read knows of none, and what is not in it may be older than it.
    """
    wanted, named, found = frozenset(message_ids), dict[str, str](), set[str]()
    for line in _lines(file) if wanted else ():
        if match := NAMED.search(line):
            named[match[1]] = match[2]  # queue numbers come again: the latest counts
        elif (match := TAKEN.search(line)) and named.get(match[1]) in wanted:
            found.add(named[match[1]])
    return frozenset(found)


def _lines(file: Path) -> Iterator[str]:
    for one in (file.with_name(file.name + ".1"), file):
        try:
            with one.open(encoding="utf-8", errors="replace") as opened:
                yield from opened
        except OSError:
            continue
