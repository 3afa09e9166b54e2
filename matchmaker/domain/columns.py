"""What a column of a spreadsheet of people may hold, and by which heads one knows it in three languages."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from enum import StrEnum
from functools import lru_cache

from matchmaker.domain.searching import folded
from matchmaker.domain.wording import N_


class Column(StrEnum):
    """A column; where no language is named, the letters of each cell tell it."""

    NAME = "name"
    NAME_AR = "name_ar"
    NAME_FR = "name_fr"
    NAME_EN = "name_en"
    FIRST = "first"
    LAST = "last"
    FIRST_AR = "first_ar"
    LAST_AR = "last_ar"
    ORGANISATION = "organisation"
    ORGANISATION_AR = "organisation_ar"
    ORGANISATION_FR = "organisation_fr"
    ORGANISATION_EN = "organisation_en"
    JOB = "job"
    JOB_AR = "job_ar"
    JOB_FR = "job_fr"
    JOB_EN = "job_en"
    EMAIL = "email"
    PHONE = "phone"
    LOCALE = "locale"
    LANGUAGES = "languages"
    CITY = "city"
    COUNTRY = "country"
    TYPE = "type"
    OFFERS = "offers"
    NEEDS = "needs"
    OFFERS_TEXT = "offers_text"
    NEEDS_TEXT = "needs_text"
    WEBSITE = "website"
    ABOUT = "about"
    CHANNEL = "channel"
    GROUP = "group"
    DELEGATION = "delegation"
    HEADS = "heads"


LABELS: Mapping[Column, str] = {
    Column.NAME: N_("Name"),
    Column.NAME_AR: N_("Name in Arabic"),
    Column.NAME_FR: N_("Name in French"),
    Column.NAME_EN: N_("Name in English"),
    Column.FIRST: N_("First name"),
    Column.LAST: N_("Family name"),
    Column.FIRST_AR: N_("First name in Arabic"),
    Column.LAST_AR: N_("Family name in Arabic"),
    Column.ORGANISATION: N_("Organisation"),
    Column.ORGANISATION_AR: N_("Organisation in Arabic"),
    Column.ORGANISATION_FR: N_("Organisation in French"),
    Column.ORGANISATION_EN: N_("Organisation in English"),
    Column.JOB: N_("Role"),
    Column.JOB_AR: N_("Role in Arabic"),
    Column.JOB_FR: N_("Role in French"),
    Column.JOB_EN: N_("Role in English"),
    Column.EMAIL: N_("E-mail"),
    Column.PHONE: N_("Phone"),
    Column.LOCALE: N_("Language of agenda and messages"),
    Column.LANGUAGES: N_("Languages spoken"),
    Column.CITY: N_("Town"),
    Column.COUNTRY: N_("Country"),
    Column.TYPE: N_("Type of participant"),
    Column.OFFERS: N_("Offers"),
    Column.NEEDS: N_("Needs"),
    Column.OFFERS_TEXT: N_("Offers in their own words"),
    Column.NEEDS_TEXT: N_("Needs in their own words"),
    Column.WEBSITE: N_("Website"),
    Column.ABOUT: N_("About the organisation"),
    Column.CHANNEL: N_("How they are told things"),
    Column.GROUP: N_("Code of the organisation"),
    Column.DELEGATION: N_("Delegation"),
    Column.HEADS: N_("Head of the delegation"),
}
"""What each is called; the export writes these as heads, so they are recognised in each language."""

BARE = {"name": Column.NAME, "organisation": Column.ORGANISATION, "job": Column.JOB}
_LANGUAGES = {
    "ar": "arabe arabic ar العربيه عربي عربيه بالعربيه عربيا",
    "fr": "francais french fr latin latins latine الفرنسيه بالفرنسيه فرنسي اللاتينيه باللاتينيه لاتيني",
    "en": "anglais english en الانجليزيه بالانجليزيه انجليزي",
}
_LANGUAGE_OF = {word: code for code, words in _LANGUAGES.items() for word in words.split()}
_LEFT_OUT = "de du des d l la le les en in of the and et a au aux par pour n no letters lettres"
_SMALL = frozenset(_LEFT_OUT.split(" "))

WORDINGS: Mapping[str, str] = {
    "email": "e mail|email|mail|mel|courriel|courrier electronique|adresse mail|adresse electronique|adresse e mail|"
    "e mail address|email address|البريد الالكتروني|البريد|بريد الكتروني|البريد الاليكتروني|الايميل|ايميل|"
    "عنوان البريد الالكتروني",
    "phone": "telephone|tel|gsm|mobile|portable|phone|phone number|telephone mobile|numero telephone|numero tel|"
    "num tel|whatsapp|cell|contact telephonique|telephone portable|tel portable|tel gsm|tel mobile|fixe|"
    "الهاتف|هاتف|رقم الهاتف|الهاتف المحمول|الهاتف النقال|المحمول|النقال|رقم الجوال|الجوال|واتساب",
    "first": "prenom|prenoms|first name|given name|forename|firstname|الاسم الشخصي|الاسم الاول|اسم شخصي",
    "last": "nom famille|last name|surname|family name|lastname|patronyme|الاسم العائلي|النسب|اسم العائله|اللقب",
    "name": "nom prenom|nom prenoms|prenom nom|nom complet|nom participant|name|full name|participant|nom|"
    "participant name|representant|nom representant|contact|personne contact|interlocuteur|responsable|invite|"
    "contact person|representative|delegate|attendee|nom prenom participant|identite|الاسم|الاسم الكامل|الاسم والنسب|"
    "الاسم و النسب|اسم المشارك|المشارك|الممثل|اسم الممثل|المسؤول|الاسم واللقب|الاسم الشخصي والعائلي|المدعو",
    "organisation": "organisation|organization|organisme|entreprise|societe|company|company name|raison sociale|"
    "denomination|denomination sociale|etablissement|institution|nom entreprise|nom societe|nom organisation|"
    "nom organisme|structure|cooperative|nom cooperative|association|organisation name|organization name|firm|"
    "name company|organisation nom|entreprise nom|societe nom|name organisation|name organization|entite|"
    "entreprise organisme|societe organisme|employeur|nom etablissement|exposant|الهيئه|هيئه|المقاوله|"
    "اسم المقاوله|الشركه|اسم الشركه|المؤسسه|اسم المؤسسه|التعاونيه|اسم التعاونيه|الجمعيه|اسم الهيئه|العارض|"
    "المنظمه|الجهه|الاداره",
    "job": "fonction|poste|titre|qualite|role|job|job title|position|title|function|fonction poste|metier|profession|"
    "fonction titre|poste occupe|fonction occupee|الصفه|الوظيفه|المهنه|المهمه|المنصب|صفه|الصفه المهنيه",
    "locale": "langue|language|langue communication|langue correspondance|langue preferee|preferred language|"
    "langue agenda messages|language agenda messages|langue messages|لغه|اللغه|لغه التواصل|لغه المراسله|لغه المراسلات|"
    "لغه البرنامج والرسائل",
    "languages": "langues|langues parlees|langue parlee|languages|languages spoken|spoken languages|langues travail|"
    "working languages|langues maitrisees|اللغات|اللغات المتحدث بها|لغات|لغات التحدث|لغات العمل|اللغات المستعمله",
    "city": "ville|city|town|localite|commune|ville siege|المدينه|مدينه|الجماعه",
    "country": "pays|country|pays origine|nationalite|البلد|الدوله|بلد|الجنسيه",
    "type": "type|type participant|categorie|category|participant type|categorie participant|profil|statut|"
    "الصنف|نوع المشارك|الفئه|صنف المشارك|نوع المشاركه|صنف",
    "offers": "offre|offres|je propose|propose|offer|offers|we offer|produits|produits services|services|"
    "produits et services|ce que je propose|ce que nous proposons|produits services proposes|offering|"
    "العروض|عروض|اعرض|نعرض|ما اعرض|ما نعرض|المنتوجات|المنتجات|المنتوجات والخدمات",
    "needs": "besoin|besoins|je recherche|recherche|need|needs|looking for|we look for|we need|recherches|"
    "ce que je recherche|ce que nous recherchons|partenaires recherches|attentes|الحاجيات|الحاجات|حاجيات|ابحث عن|"
    "نبحث عن|ما ابحث عنه|ما نبحث عنه|الاحتياجات",
    "offers_text": "offers own words|offers their own words|offres leurs mots|العروض بكلماتهم",
    "needs_text": "needs own words|needs their own words|besoins leurs mots|الحاجيات بكلماتهم",
    "website": "site web|site|site internet|website|web|web site|url|الموقع|الموقع الالكتروني|موقع الانترنت",
    "about": "presentation|description|about|a propos|about organisation|presentation entreprise|activite|"
    "presentation organisation|نبذه|تقديم|وصف|نبذه عن الهيئه|تقديم الهيئه",
    "channel": "canal|channel|moyen contact|mode contact|contact channel|how they are told things|how told|"
    "moyen communication|وسيله الاتصال|وسيله التواصل|طريقه التواصل|طريقه الاتصال",
    "group": "code organisation|organisation code|code organization|رمز الهيئه",
    "delegation": "delegation|delegations|nom delegation|delegation name|name delegation|الوفد|وفد|اسم الوفد",
    "heads": "head delegation|delegation head|chef delegation|رئيس الوفد|رئيسه الوفد",
}  # fmt: skip
"""Heads by the base of a column, without accents, articles and the letters that Arabic confuses."""

_EXACT = {folded(phrase): base for base, phrases in WORDINGS.items() for phrase in phrases.split("|")}
_REACH = frozenset({"email", "phone", "website"})
_MARKS = re.compile(r"\([^)]*\)|\[[^\]]*\]|[*:.,;!?/\\|_’'\"#°–—-]+")


def is_exact(head: str) -> bool:
    """Tell whether a head is one of the known ones from end to end."""
    return " ".join(_words(head)) in _EXACT


@lru_cache(maxsize=4096)
def recognised(head: str) -> Column | None:
    """Return what a head announces, or None; a language named in it, also in brackets, counts."""
    named = re.sub(r"[()\[\]]", " ", head)
    for text in (named, head):
        if (found := _of_words(_words(text))) is not None:
            return found
    return None


def suggest(heads: Sequence[str]) -> dict[int, Column]:
    """Return what columns seem to hold, by number; each kind is given once, to the first that fits."""
    found: dict[int, Column] = {}
    for number, head in enumerate(heads):
        column = recognised(head)
        if column is not None and column not in found.values():
            found[number] = column
    return _with_family_names(found)


def _with_family_names(found: dict[int, Column]) -> dict[int, Column]:
    """Beside a column of first names, one that is only called "name" holds family names."""
    pairs = (
        (Column.FIRST, Column.NAME, Column.LAST),
        (Column.FIRST, Column.NAME_FR, Column.LAST),
        (Column.FIRST_AR, Column.NAME_AR, Column.LAST_AR),
    )
    there = set(found.values())
    turned = {plain: family for first, plain, family in pairs if first in there and family not in there}
    return {number: turned.get(column, column) for number, column in found.items()}


def _of_words(words: tuple[str, ...]) -> Column | None:
    languages = [_LANGUAGE_OF[word] for word in words if word in _LANGUAGE_OF]
    plain = tuple(word for word in words if word not in _LANGUAGE_OF)
    base = _base(words) or _base(plain)
    return _column(base, languages[0] if languages and base == _base(plain) else "") if base else None


def _base(words: tuple[str, ...]) -> str:
    """Return the base of the longest run of known words; of two as long, ways to reach somebody, then the first."""
    runs = [words[start:end] for start in range(len(words)) for end in range(start + 1, len(words) + 1)]
    known = [(run, base) for run in runs if (base := _EXACT.get(" ".join(run)))]
    return max(known, key=lambda one: (len(one[0]), one[1] in _REACH), default=((), ""))[1]


def _column(base: str, language: str) -> Column | None:
    if base in {"first", "last"}:
        return Column(f"{base}_ar") if language == "ar" else Column(base)
    return Column(f"{base}_{language}") if base in BARE and language else Column(base)


def _words(head: str) -> tuple[str, ...]:
    words = folded(_MARKS.sub(" ", head)).split()
    return tuple(
        word for word in words if word not in _SMALL or (word == "en" and word is words[-1] and len(words) > 1)
    )
