"""All attendees share a language, or an interpreter is assigned who shares one with each; only where needed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from solver.rules.base import Level, Rule

if TYPE_CHECKING:
    from collections.abc import Iterable

    from solver.compiled import Compiled
    from solver.masks import Mask
    from solver.options import Option


def everybody_understands(compiled: Compiled, option: Option, starts: Mask) -> Mask:
    spoken = [compiled.people[person].languages for person in option.attendees]
    if share_a_language(spoken):
        return starts if option.interpreter is None else 0
    if option.interpreter is None:
        return 0
    helper = compiled.people[option.interpreter].languages
    return starts if all(share_a_language((helper, languages)) for languages in spoken) else 0


def share_a_language(spoken: Iterable[frozenset[str]]) -> bool:
    """Tell whether one language serves all; no languages at all means that all are understood."""
    known = [languages for languages in spoken if languages]
    return not known or bool(frozenset.intersection(*known))


RULE = Rule("languages", "no_interpreter", level=Level.INTERPRETER, admits=everybody_understands)
