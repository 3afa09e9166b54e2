"""The people of an event and what they answered as a file that the import reads again without loss."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from flask_babel import gettext as _

from matchmaker.domain import answer_columns, cells
from matchmaker.domain.columns import LABELS, Column
from matchmaker.domain.importing import Candidate, by_names
from matchmaker.domain.searching import folded
from matchmaker.domain.states import Channel, ImportKind, Locale, WishLevel
from matchmaker.domain.wording import N_, in_language
from matchmaker.queries import agenda_words as say
from matchmaker.queries.exporting import Away, Side, Wanted
from matchmaker.sheets.cells import Sheet, Value, sheets

LEFT_OUT = frozenset(
    {Column.NAME, Column.FIRST, Column.LAST, Column.FIRST_AR, Column.LAST_AR, Column.ORGANISATION, Column.JOB}
)
"""Columns of which others say the same more exactly."""
COLUMNS = tuple(column for column in Column if column not in LEFT_OUT)
CHANNELS = {Channel.MAIL: N_("by e-mail"), Channel.PHONE: N_("by phone"), Channel.PAPER: N_("on paper")}
LEVELS = {
    WishLevel.MUST: N_("Must"),
    WishLevel.LIKE: N_("Like"),
    WishLevel.YES: N_("Yes"),
    WishLevel.NO: N_("No"),
}
BETWEEN = "; "
Names = Mapping[str, Mapping[str, str]]


def people_sheet(
    people: Iterable[Candidate],
    wishes: Sequence[Wanted],
    times: Sequence[Away],
    types: Names,
    topics: Names,
    *,
    delegations: Names,
) -> bytes:
    """Return an xlsx file: a row a person, then sheets of who asked for whom and of times, in the language at work.

    ``types``, ``topics`` and ``delegations`` are names in several languages by code.
    """
    writer = _Writer(types, topics, delegations)
    return sheets(
        [
            Sheet(_("People"), [_(LABELS[column]) for column in COLUMNS], map(writer.row, people)),
            Sheet(_("Wishes"), _heads(ImportKind.WISHES), map(_wish, wishes)),
            Sheet(_("Times not free"), _heads(ImportKind.TIMES), map(_away, times)),
        ],
        right_to_left=say.language() == "ar",
    )


class _Writer:
    """Writes what the import reads: a name where it is read as this code, else the code."""

    def __init__(self, types: Names, topics: Names, delegations: Names) -> None:
        self._locale = say.language()
        self._types, self._topics, self._delegations = map(self._named, (types, topics, delegations))

    def _named(self, names: Names) -> dict[str, str]:
        read = by_names(names)
        shown = {code: in_language(texts, self._locale) for code, texts in names.items()}
        return {
            code: name if read.get(folded(name)) == code and ";" not in name else code for code, name in shown.items()
        }

    def row(self, one: Candidate) -> list[Value]:
        said: dict[Column, Value] = {
            Column.EMAIL: one.email or "",
            Column.PHONE: one.phone or "",
            Column.LOCALE: cells.language_name(one.locale, self._locale),
            Column.LANGUAGES: BETWEEN.join(cells.language_name(code, self._locale) for code in one.languages),
            Column.CITY: one.city,
            Column.COUNTRY: cells.country_name(one.country, self._locale),
            Column.TYPE: self._types.get(one.type_code or "", ""),
            Column.OFFERS: BETWEEN.join(self._topics.get(code, code) for code in one.offers),
            Column.NEEDS: BETWEEN.join(self._topics.get(code, code) for code in one.needs),
            Column.OFFERS_TEXT: one.offers_text,
            Column.NEEDS_TEXT: one.needs_text,
            Column.WEBSITE: one.website,
            Column.ABOUT: one.about,
            Column.CHANNEL: _(CHANNELS[one.channel]),
            Column.GROUP: one.group,
            Column.DELEGATION: self._delegations.get(one.delegation, one.delegation),
            Column.HEADS: _("yes") if one.heads else "",
        }
        for base, texts in (("name", one.names), ("organisation", one.organisation_names), ("job", one.job)):
            said |= {Column(f"{base}_{locale}"): texts.get(str(locale), "") for locale in Locale}
        return [said[column] for column in COLUMNS]


def _heads(kind: ImportKind) -> list[str]:
    return [_(answer_columns.LABELS[told]) for told in answer_columns.COLUMNS[kind]]


def _wish(one: Wanted) -> list[Value]:
    return [*_side(one.giver), _(LEVELS[one.level]), one.rank, *_side(one.wanted)]


def _away(one: Away) -> list[Value]:
    return [*_side(one.who), one.day, one.start, one.end]


def _side(one: Side) -> list[Value]:
    return [one.code, one.email or "", say.words(one.name), say.words(one.organisation)]
