"""Who lives in the house of the browser tests: fictional people, with the longest names that one meets at fairs."""

from __future__ import annotations

from dataclasses import dataclass

from matchmaker.domain.states import Channel, Locale

LONG_FRENCH = "Coopérative agricole féminine des produits du terroir et de l’arganier du Souss-Massa"
LONG_ARABIC = "التعاونية الفلاحية النسوية لتثمين المنتوجات المجالية والنباتات الطبية والعطرية بإقليم تارودانت"


@dataclass(frozen=True, slots=True)
class Inhabitant:
    """One person and the organisation they bring; no address: told by phone."""

    organisation: dict[str, str]
    names: dict[str, str]
    job: dict[str, str]
    locale: Locale
    languages: tuple[str, ...]
    email: str | None

    @property
    def channel(self) -> Channel:
        return Channel.MAIL if self.email else Channel.PHONE


def _one(french, arabic, name, name_in_arabic, *others):
    job, tongue, languages, email = others
    return Inhabitant(
        {"fr": french, "ar": arabic} if arabic else {"en": french},
        {"fr": name, "ar": name_in_arabic} if name_in_arabic else {"en": name},
        job,
        Locale(tongue),
        tuple(languages.split()),
        f"{email}@example.org" if email else None,
    )


HEAD = {"fr": "Directrice générale", "ar": "المديرة العامة", "en": "Managing director"}
BUYER = {"fr": "Responsable des achats et de la logistique internationale", "ar": "مسؤول المشتريات", "en": "Buyer"}
LONGER = {
    "fr": "Marie-Antoinette Benabdeljalil-Lahlou de la Rochefordière",
    "ar": "عبد الرحمن بن عبد الحفيظ المسفيوي العلوي",
}

INHABITANTS = (
    _one(LONG_FRENCH, LONG_ARABIC, "Fatima-Zahra Ouakrim", "فاطمة الزهراء واكريم", HEAD, "ar", "ar fr", "fatima"),
    _one("Atlas Froid Logistique", "أطلس للتبريد", LONGER["fr"], LONGER["ar"], BUYER, "fr", "fr en", "marie"),
    _one("Nordwind Maschinenbau GmbH", "", "Annika Sørensen", "", HEAD, "en", "en", "annika"),
    _one("Doukkala Emballage", "دكالة للتلفيف", "Driss Ouahbi", "إدريس وهبي", BUYER, "fr", "fr ar", "driss"),
    _one("Mazagan Composites", "مازاغان للمركبات", "Salma Berrada", "سلمى برادة", HEAD, "fr", "fr ar en", "salma"),
    _one("Rif Plasturgie", "الريف للبلاستيك", "Younes El Khattabi", "يونس الخطابي", BUYER, "ar", "ar", "younes"),
    _one("Chaouia Meunerie", "الشاوية للمطاحن", "Naïma Toumi", "نعيمة التومي", HEAD, "ar", "ar fr", None),
    _one("Sahara Solaire", "الصحراء للطاقة الشمسية", "Hamid Laaroussi", "حميد العروسي", BUYER, "fr", "fr ar", "hamid"),
    _one("Ports et Quais", "موانئ وأرصفة", "Ghita Senhaji", "غيثة الصنهاجي", HEAD, "fr", "fr", "ghita"),
    _one("Gharb Conserves", "الغرب للتصبير", "Rachid Boutaleb", "رشيد بوطالب", BUYER, "ar", "ar fr", "rachid"),
    _one("Bridgewater Fittings", "", "Olive Hartwell", "", BUYER, "en", "en fr", "olive"),
    _one("Zaërs Textile", "زعير للنسيج", "Khadija Mernissi", "خديجة المرنيسي", HEAD, "fr", "fr ar", None),
)  # fmt: skip -- a row a person

READER = 1
"""Whose pages are opened: in French by themselves, with a name that no line holds."""
AT_A_STAND = 0
LEAVES = 9
"""Withdraws between the two versions, so that meetings are cancelled."""
SHORT_OF_TIME = 3
"""Takes three meetings at most, so that requests cannot be met."""

COLLEAGUE = {"fr": "Abdellatif Chraïbi-Bennouna", "ar": "عبد اللطيف الشرايبي بنونة"}
LATE = {"fr": "Oumaïma Tazi", "ar": "أميمة التازي"}
"""Registers after the schedule was made, and so is free all the time."""

MUSTS, LIKES, VETO = (1, 4), (2, 3, 5, 7), (4, 8)
"""Each organisation wants those that stand so many places after it; the veto is of the first for the second."""
