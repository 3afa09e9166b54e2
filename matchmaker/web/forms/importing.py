"""The forms of an import: a table, its columns, what becomes of rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from flask_wtf.file import FileField
from wtforms import FieldList, HiddenField, IntegerField, SelectField, TextAreaField
from wtforms.validators import InputRequired, NumberRange

from matchmaker.domain import answer_columns, columns
from matchmaker.domain.heads import Heads
from matchmaker.domain.states import ImportKind
from matchmaker.domain.twins import Choice
from matchmaker.domain.wording import N_
from matchmaker.models import PeopleImport
from matchmaker.web.forms.parts import HouseForm, RevisedForm, _l, options

LABELS: Mapping[ImportKind, Mapping[str, str]] = {
    ImportKind.PEOPLE: {str(column): label for column, label in columns.LABELS.items()},
    **{
        kind: {str(told): answer_columns.LABELS[told] for told in offered}
        for kind, offered in answer_columns.COLUMNS.items()
    },
}
CHOICES = (
    (Choice.LEAVE, _l("Leave out")),
    (Choice.JOIN, _l("Add to the organisation that is there")),
    (Choice.ADD, _l("Add all the same")),
)


ANSWER_CHOICES = (
    (Choice.LEAVE, _l("Keep what is there")),
    (Choice.ADD, _l("Take what the table says")),
)
KINDS = {
    ImportKind.PEOPLE: N_("People"),
    ImportKind.WISHES: N_("Wishes"),
    ImportKind.TIMES: N_("Times not free"),
}


class TableForm(HouseForm):
    """A file, or cells that were copied."""

    kind = SelectField(
        _l("What the table holds"),
        choices=options((kind.value, _l(label)) for kind, label in KINDS.items()),
        default=ImportKind.PEOPLE.value,
    )
    file = FileField(_l("File"))
    pasted = TextAreaField(_l("Or paste cells here"))


class ColumnsForm(RevisedForm):
    """What each column holds, and where the heads stand."""

    head_first = IntegerField(_l("The heads stand in row"), [NumberRange(1, 2_000_000)])
    head_count = SelectField(
        _l("and take"),
        choices=options([(1, _l("one row")), (2, _l("two rows")), (0, _l("no row: there are none"))]),
        coerce=int,
    )
    columns = FieldList(SelectField(validate_choice=True))

    def show(self, one: PeopleImport) -> None:
        """Fill in what is stored."""
        self.head_first.data, self.head_count.data = one.head_first, one.head_count
        self.revision.data = one.revision
        for number, entry in enumerate(self.columns):
            entry.data = one.columns.get(str(number), "")

    def fit(self, width: int, kind: ImportKind) -> None:
        """Have an entry for each column of the sheet, whatever was sent, with the columns of this kind of table."""
        while len(self.columns) > width:
            self.columns.pop_entry()
        while len(self.columns) < width:
            self.columns.append_entry("")
        named = ((name, _l(label)) for name, label in LABELS[kind].items())
        offered = options([("", _l("(not imported)")), *named])
        for entry in self.columns:
            entry.choices = offered

    @property
    def chosen(self) -> dict[int, str]:
        return {number: entry.data for number, entry in enumerate(self.columns) if entry.data}

    @property
    def heads(self) -> Heads:
        return Heads(self.head_first.data or 1, self.head_count.data)


class RestForm(HouseForm):
    """What becomes of all rows that still wait for a choice."""

    rest = SelectField(
        _l("For all that still wait"), choices=options([("", _l("(choose row by row)")), *CHOICES]), default=""
    )

    def offer(self, choices: Iterable[tuple[Choice, str]]) -> None:
        """Offer these choices in place of those for people."""
        self.rest.choices = options([("", _l("(choose row by row)")), *choices])


class InviteForm(HouseForm):
    """The number of people to write to, typed by who means it."""

    count = IntegerField(_l("How many people do you write to?"), [InputRequired(), NumberRange(0)])


class CountForm(HouseForm):
    """The number of people whom the reader was told."""

    count = HiddenField()
