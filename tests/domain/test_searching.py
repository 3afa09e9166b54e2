import pytest

from matchmaker.domain.searching import folded, holds, searchable


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("Éts Lœb & Fils", "ets loeb & FILS"),
        ("إدارة الموانئ", "اداره الموانئ"),
        ("مُقاوَلة", "مقاولة"),
        ("تعـــاونية", "تعاونيه"),
        ("المستشفى", "المستشفي"),
        ("ٱلقمر", "القمر"),
        ("L’Atlantique", "l'atlantique"),
    ],
)
def test_folded_writes_the_same_name_one_way(written, typed):
    assert folded(written) == folded(typed)


def test_holds_wants_every_word_in_any_order():
    names = searchable(["Coopérative Tamount", "تعاونية تامونت"])

    assert holds(names, "tamount coop")
    assert holds(names, "تامونت coop")
    assert not holds(names, "tamount argan")
    assert holds(names, "  ")
