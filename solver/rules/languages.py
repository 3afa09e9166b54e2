"""All attendees share a language, or an interpreter is assigned who shares one with each; only where needed."""

from __future__ import annotations

from typing import Any

from solver import facts
from solver.facts import NONE
from solver.machine import machine
from solver.rules.base import Level, Rule


@machine
def everybody_understands(f: Any, o: int, t: int) -> bool:
    option = facts.option(f)[o]
    if share_a_language(f, option.first, option.attendees):
        return option.interpreter == NONE
    if option.interpreter == NONE:
        return False
    for k in range(option.first, option.first + option.attendees):
        if not both_speak(f, facts.people(f)[k], option.interpreter):
            return False
    return True


@machine
def share_a_language(f: Any, first: int, count: int) -> bool:
    """Tell whether one language serves ``count`` people; who names none understands all."""
    for word in range(facts.speaks(f).shape[1]):
        common = facts.speaks(f)[facts.people(f)[first], word]
        for k in range(first + 1, first + count):
            common &= facts.speaks(f)[facts.people(f)[k], word]
        if common:
            return True
    return False


@machine
def both_speak(f: Any, one: int, other: int) -> bool:
    for word in range(facts.speaks(f).shape[1]):
        if facts.speaks(f)[one, word] & facts.speaks(f)[other, word]:
            return True
    return False


RULE = Rule("languages", "no_interpreter", level=Level.INTERPRETER, admits=everybody_understands)
