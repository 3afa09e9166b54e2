"""Lists are in the order in which their readers look something up."""

from matchmaker.domain.alphabet import in_order


def test_accents_capitals_and_forms_of_the_alif_make_no_difference():
    french = ["Zellige", "éclat", "Argan", "Ecrins"]
    arabic = ["تعاونية", "إدارة", "أطلس", "بنك"]

    assert sorted(french, key=lambda name: in_order(name, "fr")) == ["Argan", "éclat", "Ecrins", "Zellige"]
    assert sorted(arabic, key=lambda name: in_order(name, "ar")) == ["إدارة", "أطلس", "بنك", "تعاونية"]


def test_names_in_the_script_of_the_language_come_first():
    names = ["أطلس", "Argan"]

    assert [sorted(names, key=lambda name: in_order(name, tongue)) for tongue in ("ar", "fr")] == [
        ["أطلس", "Argan"],
        ["Argan", "أطلس"],
    ]
