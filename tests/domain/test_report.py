"""What is said of satisfaction betrays nobody."""

from matchmaker.domain.report import Answer, Share, satisfaction


def said(group, people, *, useful=True):
    """Return one answer of each person."""
    return [Answer(group, person, useful) for person in people]


def test_of_fewer_than_five_people_nothing_is_told_however_often_they_speak():
    answers = said("buyer", [1, 2, 3, 4]) * 9

    assert satisfaction(answers).whole is None
    assert satisfaction(answers).groups == {}


def test_five_people_are_counted_with_all_their_answers():
    answers = [*said("buyer", range(5)), *said("buyer", [0], useful=False)]

    found = satisfaction(answers)

    assert (found.whole, found.groups) == (Share(5, 6, 5), {"buyer": Share(5, 6, 5)})


def test_a_small_group_cannot_be_worked_out_from_the_others():
    answers = [*said("buyer", range(6)), *said("supplier", [10, 11])]

    found = satisfaction(answers)

    assert (found.whole, found.groups) == (Share(8, 8, 8), {})


def test_small_groups_that_are_many_together_hide_each_other():
    answers = [*said("buyer", range(6)), *said("supplier", [10, 11, 12]), *said("institution", [20, 21, 22])]

    assert set(satisfaction(answers).groups) == {"buyer"}
