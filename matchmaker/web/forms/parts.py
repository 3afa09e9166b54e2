"""What the forms of organisers share: a text in three languages, a revision that travels along."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from markupsafe import escape
from wtforms import FieldList, Form, FormField, IntegerField, SelectField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its types
from wtforms.validators import Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, HiddenInput, ListWidget, Select

from matchmaker.domain.states import Locale, Phase

_l: Any = lazy_gettext
"""Words that are chosen when the page is written; WTForms takes them wherever its types ask for plain ones."""


class Words(Form):
    """One text in the three languages, of which any may be missing."""

    ar = StringField(_l("Arabic"), [Length(max=200)])
    fr = StringField(_l("French"), [Length(max=200)])
    en = StringField(_l("English"), [Length(max=200)])


class WordsField(FormField):  # type: ignore[type-arg]  # the class has no brackets when it runs
    """A text in three languages; ``texts`` is what was written, without what was left empty."""

    def __init__(self, label: Any = None, **kwargs: Any) -> None:
        super().__init__(Words, label, **kwargs)

    @property
    def texts(self) -> dict[str, str]:
        written = {str(locale): (self.form[str(locale)].data or "").strip() for locale in Locale}
        return {locale: text for locale, text in written.items() if text}


class HouseForm(FlaskForm):
    """A form of this house: the library's, with its types said."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[no-untyped-call]

    def is_submitted(self) -> bool:
        return bool(super().is_submitted())  # type: ignore[no-untyped-call]

    def validate_on_submit(self, extra_validators: Any = None) -> bool:
        return bool(super().validate_on_submit(extra_validators))  # type: ignore[no-untyped-call]


class RevisedForm(HouseForm):
    """A form about a row that somebody else may be editing."""

    revision = IntegerField(widget=HiddenInput(), default=1)

    @property
    def seen(self) -> int:
        """The revision that the writer had before them; 0, which no row has, if it was tampered with."""
        return self.revision.data or 0


def options(pairs: Iterable[tuple[Any, Any]]) -> list[Any]:
    """Return choices, each a value and its words, as the fields of the library want to be given them."""
    return [SelectChoice(value, label) for value, label in pairs]


class LongSelect(Select):
    """A list of hundreds: its options are written as the library writes them, which takes five times as long."""

    @classmethod
    def render_option(cls, choice: Any) -> str:  # type: ignore[override]  # newer than its types
        selected = "selected " if choice.selected else ""
        return f'<option {selected}value="{escape(choice.value)}">{escape(choice.label or choice.value)}</option>'


def limit(label: Any, most: int = 500, **kwargs: Any) -> IntegerField:
    """Return a field for a number that may be left empty: no limit."""
    return IntegerField(label, [Optional(), NumberRange(0, most)], **kwargs)


def ticks(label: Any, **kwargs: Any) -> SelectMultipleField:
    """Return a field of which any number of choices can be ticked."""
    list_widget = ListWidget(prefix_label=False)
    return SelectMultipleField(label, widget=list_widget, option_widget=CheckboxInput(), **kwargs)


def rows_wanted(rows: FieldList[Any], least: int, blank: int) -> None:
    """Leave ``blank`` empty rows at the end of a repeating part, and ``least`` rows in all."""
    filled = sum(1 for row in rows if not is_blank(row))
    while len(rows) < max(least, filled + blank):
        rows.append_entry()


def is_blank(row: Any) -> bool:
    """Tell whether nothing was written into a row of a repeating part."""
    return all(not control.raw_data or not any(control.raw_data) for control in _written(row)) and not any(
        control.data for control in _written(row)
    )


def _written(row: Any) -> Sequence[Any]:
    """Return the controls of a row that start empty: not its choices, which always have a value."""
    return [control for control in row.form if control.type not in {"SelectField", "CSRFTokenField"}]


class PhaseForm(HouseForm):
    """The choice of an event's phase."""

    phase = SelectField(_l("Phase"), choices=options((phase.value, phase.value) for phase in Phase))


class ConfirmForm(HouseForm):
    """A button that was meant: it carries nothing but the proof that this site wrote the form."""
