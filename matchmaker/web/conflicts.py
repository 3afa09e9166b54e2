"""How a form takes a refusal: at its field where it has one, else above; two editors see what differs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from enum import Enum
from typing import Any, NamedTuple

from flask import flash
from flask_babel import gettext as _
from markupsafe import Markup, escape
from wtforms import Field, FieldList, FormField
from wtforms.fields.choices import SelectFieldBase

from matchmaker.domain import dates
from matchmaker.domain.timetable import DayPlan
from matchmaker.errors import ChangedMeanwhile, InvalidValue, NotFound, Refusal
from matchmaker.services.events import Pause
from matchmaker.web import languages
from matchmaker.web.errors import ANSWERS, sentence
from matchmaker.web.isolation import isolated


class Differing(NamedTuple):
    """A field that two people wrote differently, in words."""

    label: str
    theirs: str
    yours: str


class Trouble(NamedTuple):
    """What is wrong with one answer, and the id of the control to go to."""

    anchor: str
    label: str
    sentence: str


def kept(form: Any, save: Callable[[], object]) -> bool:
    """Run a service for a form; tell whether it kept what was written.

    If not, the form knows why: ``form.refusal`` (a sentence), ``form.difference`` (of two editors) or an error
    at a field. Something absent is no matter of the form and goes on its way as 404.
    """
    try:
        save()
    except NotFound:
        raise
    except ChangedMeanwhile as refusal:
        form.difference = [_differing(form, name, *pair) for name, pair in refusal.difference.items()]
        form.revision.data, form.revision.raw_data = refusal.revision, None
        _refuse(form, refusal)
    except InvalidValue as refusal:
        _put_at_field(form, refusal)
    except Refusal as refusal:
        _refuse(form, refusal)
    else:
        return True
    return False


def status(form: Any) -> int:
    """Return the status of the page that shows the form: 200 unless it came back."""
    return getattr(form, "status", 422 if form.errors else 200)


def troubles(form: Any) -> list[Trouble]:
    """Return what is wrong with a form's answers, with repeated and nested parts, in the order of the page."""
    own = getattr(form, "at_field", {})
    found = [trouble for control in form for trouble in _troubles_of(control, own.get(control.short_name))]
    return found + [Trouble("", "", str(error)) for error in form.form_errors]


def _troubles_of(control: Field, refused: str | None) -> list[Trouble]:
    label = str(control.label.text) if control.label else ""
    found = [Trouble(control.id, label, refused)] if refused else []
    if isinstance(control, FormField):
        inner = troubles(control.form)
        return found + [one._replace(label=f"{label}, {one.label}") for one in inner]
    if isinstance(control, FieldList):
        return found + [trouble for row in control for trouble in _troubles_of(row, None)]
    return found + [Trouble(control.id, label, str(error)) for error in control.errors]


def _refuse(form: Any, refusal: Refusal) -> None:
    form.refusal, form.status = sentence(refusal), ANSWERS[type(refusal)].status


def _put_at_field(form: Any, refusal: InvalidValue) -> None:
    if refusal.field not in form:
        _refuse(form, refusal)
    elif isinstance(form[refusal.field], FormField | FieldList):
        form.at_field = {refusal.field: sentence(refusal)}
        form.status = ANSWERS[InvalidValue].status
    else:
        form[refusal.field].errors = [*form[refusal.field].errors, sentence(refusal)]


def _differing(form: Any, name: str, theirs: Any, yours: Any) -> Differing:
    if name not in form:
        return Differing(name, as_text(theirs), as_text(yours))
    control = form[name]
    return Differing(str(control.label.text), *(as_text(_as_chosen(control, value)) for value in (theirs, yours)))


def _as_chosen(control: Field, value: Any) -> Any:
    """Return what stands beside a choice on the page in place of its value, also in a list of them."""
    if not isinstance(control, SelectFieldBase):
        return value
    if isinstance(value, list | tuple | set | frozenset):
        return [_as_chosen(control, one) for one in value]
    words = {code: label for code, label, *_rest in control.iter_choices()}
    return words.get(value.value if isinstance(value, Enum) else value, value)


def as_text(value: Any) -> str:
    """Write a value of any field so that two people can compare it, in the language of the page."""
    if value is None or value in ("", [], (), {}):
        return _("(empty)")
    if isinstance(value, Mapping):
        return _listed([text for text in value.values() if text])
    if isinstance(value, list | tuple | set | frozenset):
        return _listed([as_text(one) for one in value])
    return _plain_text(value)


def _plain_text(value: Any) -> str:
    match value:
        case bool():
            return _("yes") if value else _("no")
        case Enum():
            return str(value.value)
        case date() | time():
            return _moment(value)
        case DayPlan() | Pause():
            hours = escape(_("%(start)s to %(end)s")) % {"start": _clock(value.start), "end": _clock(value.end)}
            return escape("{} {}").format(_day(value.day), hours) if value.day else hours
        case _:
            return escape(str(value))


def _moment(value: date | time) -> str:
    if isinstance(value, datetime):
        return escape(_("%(day)s, %(time)s")) % {"day": _day(value.date()), "time": _clock(value)}
    return _clock(value) if isinstance(value, time) else _day(value)


def _listed(texts: list[str]) -> str:
    return escape(_(", ")).join(texts)


def _day(day: date) -> str:
    return dates.long_day(day, languages.current())


def _clock(moment: time | datetime) -> Markup:
    return isolated(dates.clock(moment))


def told(form: Any, save: Callable[[], object], words: str) -> bool:
    """Run a service behind a single button and flash how it went, for pages that are not shown again as forms."""
    fine = bool(form.validate_on_submit()) and kept(form, save)
    if fine:
        flash(words, "good")
    else:
        flash(getattr(form, "refusal", _("This could not be saved")), "stop")
    return fine
