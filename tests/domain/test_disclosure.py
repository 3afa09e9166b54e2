"""Reasons say enough to help, and never betray a veto or another's calendar."""

from __future__ import annotations

import pytest

from matchmaker.domain.disclosure import (
    FOR_ORGANISERS,
    FOR_PEOPLE,
    REMEDIES,
    Reason,
    organiser_reason,
    visible_reason,
)
from matchmaker.domain.states import Role

SPEAK_OF_OTHERS = {Reason.DISPLACED, Reason.ORDER, Reason.NO_REPRESENTATIVE, Reason.UNANSWERED, Reason.NOT_OFFERED}


@pytest.mark.parametrize("reason", Reason)
def test_visible_reason_is_the_published_sentence_unless_both_said_yes(reason):
    assert visible_reason(reason, both_said_yes=False) is None


def test_visible_reason_where_both_said_yes_never_speaks_of_others():
    seen = {visible_reason(reason, both_said_yes=True) for reason in Reason}

    assert seen == {None, *Reason} - SPEAK_OF_OTHERS


def test_visible_reason_refuses_a_word_that_the_solver_does_not_have():
    with pytest.raises(ValueError, match="bad mood"):
        visible_reason("bad mood", both_said_yes=True)


@pytest.mark.parametrize("role", [Role.ORGANISER, Role.DESK, Role.VIEWER])
def test_organiser_reason_hides_a_veto_among_the_displaced(role):
    assert organiser_reason("not_offered", role) is organiser_reason("displaced", role)


def test_organiser_reason_shows_the_veto_to_the_owner():
    assert organiser_reason("not_offered", Role.OWNER) is Reason.NOT_OFFERED


def test_every_reason_has_words():
    assert set(FOR_ORGANISERS) == set(Reason)
    assert set(REMEDIES) == set(FOR_PEOPLE)
