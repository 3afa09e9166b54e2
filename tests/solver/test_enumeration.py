"""Options are found by judging all starts at once: each rule must say the same there as for one start."""

from dataclasses import replace
from random import Random

import numpy as np
import pytest

from solver.compiled import Compiled
from solver.facts import NONE, OPTION
from solver.rules import RULES
from tests.solver.random_days import random_problem, with_promises

DAYS, DRAFTS = 8, 60
JUDGES = [rule for rule in RULES if rule.admits]


def drafts(seed):
    """Return the facts of a random day with options drawn blindly, each with all the starts that it has room for."""
    rng = Random(seed)
    compiled = Compiled(with_promises(random_problem(rng), rng)[0])
    f = compiled.bare
    f.person["max_per_day"][0] = 0
    options, people = [], []
    for _ in range(DRAFTS):
        request = rng.randrange(len(compiled.requests))
        attendees = [rng.randrange(compiled.participant_count) for _ in compiled.requests[request].sides]
        helper = rng.choice([NONE, *compiled.interpreters])
        who = attendees if helper == NONE else [*attendees, helper]
        length, site = compiled.requests[request].length, rng.randrange(len(compiled.sites))
        table = rng.choice([NONE, 1, 2])
        options.append((request, site, table, NONE, helper, length, len(people), len(attendees), len(who), 0))
        people += who
    starts = [[(1 << (len(f.slot) - option[5] + 1)) - 1] for option in options]
    return replace(
        f,
        option=np.array(options, OPTION),
        people=np.array(people, np.int32),
        starts=np.array(starts, np.uint64),
    )


def at_once(rule, facts):
    """Return the starts that a rule leaves of each draft."""
    f = replace(facts, starts=facts.starts.copy())
    for o in range(DRAFTS):
        if rule.narrow:
            rule.narrow(f.refs, o, o)
        elif not rule.admits(f.refs, o, 0):
            f.starts[o] = 0
    return f.starts[:, 0].tolist()


def one_by_one(rule, facts):
    whole = facts.starts[:, 0].tolist()
    return [
        sum(1 << t for t in range(mask.bit_length()) if rule.admits(facts.refs, o, t)) for o, mask in enumerate(whole)
    ]


@pytest.mark.parametrize("rule", JUDGES, ids=lambda rule: rule.name)
def test_a_rule_says_the_same_of_all_starts_as_of_one(rule):
    days = [drafts(seed) for seed in range(DAYS)]

    narrowed = [at_once(rule, facts) for facts in days]

    assert narrowed == [one_by_one(rule, facts) for facts in days]
    assert narrowed != [facts.starts[:, 0].tolist() for facts in days]  # it has refused something


@pytest.mark.parametrize("rule", [rule for rule in JUDGES if rule.narrow], ids=lambda rule: rule.name)
def test_the_days_tell_rules_from_one_another(rule):
    days = [drafts(seed) for seed in range(DAYS)]

    alike = [
        other.name
        for other in JUDGES
        if [at_once(rule, facts) for facts in days] == [one_by_one(other, facts) for facts in days]
    ]

    assert alike == [rule.name]
