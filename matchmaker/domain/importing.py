"""What the rows of a spreadsheet say of people, and what is wrong with a cell; nothing is written by it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from matchmaker.domain import cells
from matchmaker.domain.columns import Column
from matchmaker.domain.heads import Cell, Row
from matchmaker.domain.searching import folded
from matchmaker.domain.states import Channel, Locale
from matchmaker.domain.wording import N_

LONGEST: Mapping[str, int] = {"name": 200, "job": 200, "city": 80, "website": 200, "text": 2000}
"""Letters that a column of the tables holds, as the forms of registration have it."""


class Remark(NamedTuple):
    """Something to say of a cell. ``column`` is its number in the sheet, None for the row as a whole.

    ``sentence`` is a text of the catalogues with places for ``values``; if ``wrong``, the row cannot be taken.
    """

    column: int | None
    sentence: str
    values: Mapping[str, str]
    wrong: bool


@dataclass(frozen=True, slots=True)
class Known:
    """What words may name here: types, topics and delegations by folded name and code.

    ``locale`` is that of those who say none; ``headed`` are the delegations that have a head already.
    """

    types: Mapping[str, str]
    topics: Mapping[str, str]
    locale: Locale = Locale.FRENCH
    delegations: Mapping[str, str] = field(default_factory=dict)
    headed: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Candidate:
    """A person of a row and their organisation, as registration takes them; they agreed to nothing yet.

    ``delegation`` is the code of one of the event, or the words that a new one will be called by.
    """

    names: dict[str, str]
    organisation_names: dict[str, str]
    email: str | None = None
    phone: str | None = None
    job: dict[str, str] = field(default_factory=dict)
    languages: tuple[str, ...] = ()
    locale: Locale = Locale.FRENCH
    channel: Channel = Channel.PAPER
    city: str = ""
    country: str = "MA"
    type_code: str | None = None
    offers: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    offers_text: str = ""
    needs_text: str = ""
    website: str = ""
    about: str = ""
    group: str = ""
    delegation: str = ""
    heads: bool = False
    consents: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Line:
    """One row: its number in the sheet, whom it names, and what is to be said of it."""

    number: int
    candidate: Candidate
    remarks: tuple[Remark, ...]

    @property
    def wrong(self) -> bool:
        return any(remark.wrong for remark in self.remarks)


def check(row: Row, columns: Mapping[int, Column], known: Known) -> Line:
    """Read one row by what its columns hold."""
    number, given = row
    reader = _Reader(given, {column: at for at, column in columns.items()}, known)
    candidate = reader.candidate()
    return Line(number, candidate, tuple(reader.remarks))


def by_names(named: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """Return codes by themselves and by each of their names, folded; where two share a name, the first has it."""
    found = dict[str, str]()
    for code, names in named.items():
        for words in (code, *names.values()):
            if words.strip():
                found.setdefault(folded(words), code)
    return found


class _Reader:
    def __init__(self, given: Sequence[Cell], at: Mapping[Column, int], known: Known) -> None:
        self._given, self._at, self._known = given, at, known
        self.remarks: list[Remark] = []

    def candidate(self) -> Candidate:
        email, country = self._email(), self._country()
        phone = self._phone(country)
        names = self._names()
        offers, offers_text = self._topics(Column.OFFERS, Column.OFFERS_TEXT)
        needs, needs_text = self._topics(Column.NEEDS, Column.NEEDS_TEXT)
        return Candidate(
            names=names,
            organisation_names=self._needed(Column.ORGANISATION, N_("There is no organisation.")),
            email=email,
            phone=phone,
            job=self._texts(Column.JOB, LONGEST["job"]),
            languages=self._languages(),
            locale=self._locale(),
            channel=self._channel(email, phone),
            city=self._short(Column.CITY, LONGEST["city"]),
            country=country,
            type_code=self._type(),
            offers=offers,
            needs=needs,
            offers_text=offers_text,
            needs_text=needs_text,
            website=self._website(),
            about=self._short(Column.ABOUT, LONGEST["text"]),
            group=self._words(Column.GROUP),
            **self._delegation(),
        )

    def _cell(self, column: Column) -> Cell:
        at = self._at.get(column)
        return self._given[at] if at is not None and at < len(self._given) else ""

    def _words(self, column: Column) -> str:
        if column not in self._at:
            return ""
        words = cells.text(self._cell(column))
        if words.upper() in cells.ERRORS:
            self._say(column, N_("The formula of this cell gives an error."), wrong=True)
            return ""
        return words

    def _say(self, column: Column | None, sentence: str, *, wrong: bool = False, **values: str) -> None:
        at = None if column is None else self._at.get(column)
        remark = Remark(at, sentence, values, wrong)
        if remark not in self.remarks:
            self.remarks.append(remark)

    def _short(self, column: Column, most: int) -> str:
        words = self._words(column)
        if len(words) > most:
            self._say(column, N_("This is too long: at most %(most)s characters."), wrong=True, most=str(most))
        return words

    def _texts(self, base: Column, most: int) -> dict[str, str]:
        """Return a text in the languages that its columns name; letters tell those of a column that names none."""
        texts = cells.by_script(self._short(base, most))
        for locale in Locale:
            if words := self._short(Column(f"{base}_{locale}"), most):
                texts[str(locale)] = words
        return texts

    def _names(self) -> dict[str, str]:
        texts = self._texts(Column.NAME, LONGEST["name"])
        for first, last in ((Column.FIRST, Column.LAST), (Column.FIRST_AR, Column.LAST_AR)):
            parts = (self._short(first, LONGEST["name"]), self._short(last, LONGEST["name"]))
            for code, words in cells.by_script(" ".join(part for part in parts if part)).items():
                texts.setdefault(code, words)
        if not texts:
            self._say(self._first(Column.NAME, Column.LAST), N_("There is no name."), wrong=True)
        return texts

    def _needed(self, base: Column, sentence: str) -> dict[str, str]:
        texts = self._texts(base, LONGEST["name"])
        if not texts:
            self._say(self._first(base, *(Column(f"{base}_{locale}") for locale in Locale)), sentence, wrong=True)
        return texts

    def _first(self, *columns: Column) -> Column | None:
        return next((column for column in columns if column in self._at), None)

    def _email(self) -> str | None:
        words = self._words(Column.EMAIL)
        if not words:
            return None
        if (found := cells.address(words)) is None:
            self._say(Column.EMAIL, N_("This is not one e-mail address."), wrong=True)
        return found

    def _phone(self, country: str) -> str | None:
        words = self._words(Column.PHONE)
        if not words:
            return None
        found = cells.phone(self._cell(Column.PHONE), country)
        if found is None:
            self._say(Column.PHONE, N_("This is not a phone number."), wrong=True)
            return None
        number, others = found
        if others:
            self._say(Column.PHONE, N_("Only the first number is taken: %(number)s."), number=number)
        return number

    def _country(self) -> str:
        return self._one(Column.COUNTRY, cells.country, N_("“%(words)s” is not the name of a country.")) or "MA"

    def _type(self) -> str | None:
        sentence = N_("“%(words)s” is not a type of this event.")
        found: str | None = self._one(Column.TYPE, lambda words: self._known.types.get(folded(words)), sentence)
        return found

    def _locale(self) -> Locale:
        sentence = N_("Agendas and messages are in Arabic, French or English, not in “%(words)s”.")
        return self._one(Column.LOCALE, cells.locale, sentence) or self._known.locale

    def _channel(self, email: str | None, phone: str | None) -> Channel:
        asked = self._one(Column.CHANNEL, cells.channel, N_("“%(words)s” is none of: by e-mail, by phone, on paper."))
        reached = {Channel.MAIL: email, Channel.PHONE: phone, Channel.PAPER: "paper"}
        channel = asked if asked and reached[asked] else next(one for one in Channel if reached[one])
        if asked is None and not email and not self._is_wrong(Column.EMAIL):
            self._say(Column.EMAIL, NO_MAIL[channel])
        elif asked and asked is not channel and not any(map(self._is_wrong, (Column.EMAIL, Column.PHONE))):
            self._say(Column.CHANNEL, NO_WAY[channel])
        return channel

    def _one(self, column: Column, read: Callable[[str], Any], sentence: str) -> Any:
        words = self._words(column)
        if not words:
            return None
        if (found := read(words)) is None:
            self._say(column, sentence, wrong=True, words=words[:60])
        return found

    def _languages(self) -> tuple[str, ...]:
        found = dict[str, None]()
        for part in cells.parts(self._words(Column.LANGUAGES)):
            if code := cells.language(part):
                found[code] = None
            else:
                self._say(
                    Column.LANGUAGES, N_("“%(words)s” is not a language known here; it is left out."), words=part[:60]
                )
        return tuple(found)

    def _topics(self, column: Column, free: Column) -> tuple[tuple[str, ...], str]:
        """Return the topics that a cell names, and the words that name none: these are kept as words."""
        codes, rest = cells.named_in(self._words(column), self._known.topics)
        if rest:
            sentence = N_("Not on the list of topics, and kept as words: %(words)s.")
            self._say(column, sentence, words=", ".join(rest)[:200])
        kept = self._short(free, LONGEST["text"])
        return codes, "\n".join(part for part in (kept, ", ".join(rest)) if part)[: LONGEST["text"]]

    def _website(self) -> str:
        words = self._short(Column.WEBSITE, LONGEST["website"])
        return f"https://{words}" if words and "://" not in words else words

    def _delegation(self) -> dict[str, Any]:
        """Return the delegation, which need not be there yet, and whether the person is its head."""
        words = self._short(Column.DELEGATION, LONGEST["name"])
        code = self._known.delegations.get(folded(words))
        if words and code is None:
            self._say(Column.DELEGATION, N_("There is no delegation “%(words)s” yet: it is made."), words=words[:60])
        said = self._words(Column.HEADS)
        heads = cells.is_yes(said)
        if heads is None:
            self._say(Column.HEADS, N_("“%(words)s” is neither yes nor no; it is left out."), words=said[:60])
        elif heads and not words:
            self._say(Column.HEADS, N_("Nobody can head a delegation that is not named; it is left out."))
        elif heads and code in self._known.headed:
            self._say(Column.HEADS, N_("This delegation has a head already, who stays."))
        return {"delegation": code or words, "heads": bool(heads and words)}

    def _is_wrong(self, column: Column) -> bool:
        return column in self._at and any(one.column == self._at[column] and one.wrong for one in self.remarks)


NO_MAIL: Mapping[Channel, str] = {
    Channel.MAIL: "",
    Channel.PHONE: N_("There is no e-mail: this person is told things by phone."),
    Channel.PAPER: N_("There is no e-mail: this person is told things on paper."),
}
NO_WAY: Mapping[Channel, str] = {
    Channel.MAIL: N_("There is no phone number: this person is told things by e-mail."),
    Channel.PHONE: N_("There is no e-mail: this person is told things by phone."),
    Channel.PAPER: N_("There is no way to reach this person: they are told things on paper."),
}
