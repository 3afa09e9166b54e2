"""Names in two scripts: told alike by their consonants, and no further."""

import pytest

from matchmaker.domain.alike import alike

SAME = (
    ("Mohammed Laaroussi", "محمد العروسي"),
    ("Fatima-Zahra Ouakrim", "فاطمة الزهراء واكريم"),
    ("Younes El Khattabi", "يونس الخطابي"),
    ("Ghita Senhaji", "غيثة الصنهاجي"),
    ("BOUTALEB Rachid", "رشيد بوطالب"),
    ("Abdellatif Chraïbi-Bennouna", "عبد اللطيف الشرايبي بنونة"),
    ("Abdelilah Benkirane", "عبد الإله بنكيران"),
    ("Karim Cherkaoui", "كَرِيم الشرقاوي"),
)
OTHERS = (
    ("Salma Berrada", "سلمى الصنهاجي"),
    ("Georges Martin", "جورج مارتان"),
    ("Ali", "علاء"),
    ("", ""),
)


@pytest.mark.parametrize(("latin", "arabic"), SAME)
def test_one_name_in_two_scripts_is_alike(latin, arabic):
    assert alike({"fr": latin}, {"ar": arabic})
    assert alike({"ar": arabic}, {"fr": latin})


@pytest.mark.parametrize(("latin", "arabic"), OTHERS)
def test_other_names_are_not(latin, arabic):
    assert not alike({"fr": latin}, {"ar": arabic})


def test_in_one_script_only_the_same_words_are_alike():
    assert alike({"fr": "Salma BERRADA"}, {"en": "Bérrada  Salma"})
    assert not alike({"fr": "Salma Berrada"}, {"fr": "Salim Berrada"})
    assert not alike({"ar": "سلمى برادة"}, {"ar": "سليم برادة"})
