"""The forms of an import: a table, its columns, what becomes of rows."""

from __future__ import annotations

from flask_wtf.file import FileField
from wtforms import FieldList, HiddenField, IntegerField, SelectField, TextAreaField
from wtforms.validators import InputRequired, NumberRange

from matchmaker.domain.columns import LABELS, Column
from matchmaker.domain.heads import Heads
from matchmaker.domain.twins import Choice
from matchmaker.models import PeopleImport
from matchmaker.web.forms.parts import HouseForm, RevisedForm, _l, options

CHOICES = (
    (Choice.LEAVE, _l("Leave out")),
    (Choice.JOIN, _l("Add to the organisation that is there")),
    (Choice.ADD, _l("Add all the same")),
)


class TableForm(HouseForm):
    """A file, or cells that were copied."""

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
    columns = FieldList(
        SelectField(choices=options([("", _l("(not imported)")), *((one.value, _l(LABELS[one])) for one in Column)]))
    )

    def show(self, one: PeopleImport) -> None:
        """Fill in what is stored."""
        self.head_first.data, self.head_count.data = one.head_first, one.head_count
        self.revision.data = one.revision
        for number, entry in enumerate(self.columns):
            entry.data = one.columns.get(str(number), "")

    def fit(self, width: int) -> None:
        """Have an entry for each column of the sheet, whatever was sent."""
        while len(self.columns) > width:
            self.columns.pop_entry()
        while len(self.columns) < width:
            self.columns.append_entry("")

    @property
    def chosen(self) -> dict[int, Column]:
        return {number: Column(entry.data) for number, entry in enumerate(self.columns) if entry.data}

    @property
    def heads(self) -> Heads:
        return Heads(self.head_first.data or 1, self.head_count.data)


class RestForm(HouseForm):
    """What becomes of all rows that still wait for a choice."""

    rest = SelectField(
        _l("For all that still wait"), choices=options([("", _l("(choose row by row)")), *CHOICES]), default=""
    )


class InviteForm(HouseForm):
    """The number of people to write to, typed by who means it."""

    count = IntegerField(_l("How many people do you write to?"), [InputRequired(), NumberRange(0)])


class CountForm(HouseForm):
    """The number of people whom the reader was told."""

    count = HiddenField()
