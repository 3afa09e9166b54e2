import pytest

from matchmaker.domain.wording import in_language, short_name


@pytest.mark.parametrize(
    ("texts", "locale", "expected"),
    [
        ({"ar": "قاعة", "fr": "Salle", "en": "Hall"}, "ar", "قاعة"),
        ({"ar": "قاعة", "fr": "Salle", "en": "Hall"}, "en", "Hall"),
        ({"ar": "قاعة", "fr": "Salle"}, "en", "Salle"),
        ({"ar": "قاعة", "en": "Hall"}, "fr", "Hall"),
        ({"ar": "قاعة"}, "fr", "قاعة"),
        ({"en": "Hall", "fr": "Salle"}, "ar", "Salle"),
        ({"en": "Hall"}, "ar", "Hall"),
        ({"ar": "قاعة", "en": "Hall", "fr": "Salle"}, "tr", "Salle"),
        ({"tr": "Salon", "fr": "Salle"}, "tr", "Salon"),
        ({"tr": "Salon", "es": "Sala"}, "fr", "Sala"),
        ({"fr": "  ", "en": "", "ar": " قاعة "}, "fr", "قاعة"),
        ({"fr": " "}, "fr", ""),
        ({}, "ar", ""),
    ],
)
def test_in_language(texts, locale, expected):
    assert in_language(texts, locale) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Atlas Froid", "Atlas Froid"),
        ("Atlas Froid Sa", "Atlas Froid Sa"),
        ("  Atlas   Froid ", "Atlas Froid"),
        ("Atlas Froid Logistique", "Atlas Froid…"),
        ("Souss Emballages", "Souss Emballa…"),
        ("Électromécanique du Sud", "Électromécani…"),
        ("Coopérative Tamount Argane", "Coop. Tamount…"),
        ("SOCIÉTÉ Générale de X", "Sté Générale…"),
        ("Coopérative", "Coopérative"),
        ("تعاونية تامونت لزيت الأركان", "تامونت لزيت…"),
        ("تعاونية تامونت أركان", "تامونت أركان"),
        ("تعاونية تزران", "تعاونية تزران"),
        ("Coopératives réunies", "Coopératives…"),
        ("Coop. A & Bouchra", "Coop. A…"),
        ("Laine, soie et fils", "Laine, soie…"),
        ("", ""),
    ],
)
def test_short_name(name, expected):
    assert short_name(name) == expected


def test_short_name_keeps_marks_with_their_letter():
    name = "é" * 20  # decomposed: letter and accent

    assert short_name(name, 3) == "é" * 2 + "…"
    assert short_name("é" * 3, 3) == "é" * 3
