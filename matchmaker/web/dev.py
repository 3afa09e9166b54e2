"""The specimen sheet: every part of the look on one page. Registered in a demo only."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from flask import Blueprint, Response, render_template
from flask_babel import force_locale, gettext
from flask_wtf import FlaskForm
from wtforms import BooleanField, EmailField, RadioField, SelectMultipleField, StringField, TelField, TextAreaField
from wtforms.validators import Optional
from wtforms.widgets import CheckboxInput, ListWidget

from matchmaker.domain import colour
from matchmaker.domain.states import Locale
from matchmaker.domain.statuses import LABELS
from matchmaker.paths import shipped
from matchmaker.permissions import Caller, open_to
from matchmaker.web import languages

bp = Blueprint("dev", __name__, url_prefix="/dev")


class Day(NamedTuple):
    day: date


@dataclass(frozen=True, slots=True)
class Event:
    """As much of an event as a masthead shows."""

    names: dict[str, str]
    places: dict[str, str]
    days: tuple[Day, ...] = (Day(date(2025, 6, 17)), Day(date(2025, 6, 19)))
    accent: str = "petrol"


class Form(FlaskForm):
    name = StringField()
    email = EmailField(validators=[Optional()])
    phone = TelField(validators=[Optional()])
    about = TextAreaField()
    language = RadioField()
    topics = SelectMultipleField(widget=ListWidget(prefix_label=False), option_widget=CheckboxInput())
    consent = BooleanField()


@bp.get("/specimen")
@open_to(Caller.ANYONE)
def specimen() -> str:
    """Show every part in the language of the page; ?lang=ar shows it in Arabic."""
    samples = _samples()
    texts = samples[languages.current()]
    return render_template(
        "dev/specimen.html",
        event=_event(samples),
        texts=texts,
        form=_form(texts),
        inks=[(name, ink, _ratios(ink, texts["paper_tint"])) for name, ink in colour.READY.items()],
        states=_states(),
    )


@bp.get("/inks.css")
@open_to(Caller.ANYONE)
def inks() -> Response:
    """Answer with the six ready inks side by side, for the sheet alone."""
    return Response(render_template("dev/inks.css", inks=colour.READY), mimetype="text/css")


def _samples() -> dict[str, dict[str, Any]]:
    return tomllib.loads((shipped("config") / "specimen.toml").read_text("utf-8"))


def _event(samples: dict[str, dict[str, Any]]) -> Event:
    return Event(
        names={code: texts["event"] for code, texts in samples.items()},
        places={code: texts["place"] for code, texts in samples.items()},
    )


def _form(texts: dict[str, Any]) -> Form:
    form = Form(formdata=None)  # type: ignore[no-untyped-call]  # the library is not typed
    for control in form:
        control.label.text = texts.get(control.name, control.label.text)
    form.email.data, form.email.errors, form.email.description = "fatima@", [texts["wrong_email"]], texts["email_hint"]
    form.language.choices = list(enumerate(texts["choices"]))
    form.language.data, form.language.errors = "2", [texts["wrong_language"]]
    form.topics.choices = [(str(number), theme) for number, theme in enumerate(texts["themes"])]
    form.topics.data = ["0"]
    return form


def _ratios(ink: colour.Ink, pattern: str) -> str:
    paper, tint = colour.contrast(ink.accent, colour.PAPER), colour.contrast(ink.accent, ink.tint)
    return pattern.format(paper=f"{paper:.1f}", tint=f"{tint:.1f}")


def _states() -> list[tuple[str, dict[str, str]]]:
    words: dict[str, dict[str, str]] = {code: {} for code in LABELS}
    for locale in Locale:
        with force_locale(str(locale)):
            for code, label in LABELS.items():
                words[code][str(locale)] = gettext(label)
    return list(words.items())
