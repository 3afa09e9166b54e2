"""The form of a type of participants."""

from __future__ import annotations

from wtforms import IntegerField, RadioField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange

from matchmaker.domain.states import Silence
from matchmaker.models import ParticipantType
from matchmaker.services.types import TypeRules
from matchmaker.web.forms.parts import RevisedForm, WordsField, _l, limit, options

LIMITS = ("max_meetings", "max_per_day", "max_consecutive")


class TypeForm(RevisedForm):
    code = StringField(_l("Short code"), [DataRequired(), Length(max=24)])
    names = WordsField(_l("Name"))
    max_meetings = limit(_l("Most meetings"))
    max_per_day = limit(_l("Most in a day"))
    max_consecutive = limit(_l("Most in a row"))
    min_meetings = IntegerField(_l("Promised minimum"), [InputRequired(), NumberRange(0, 500)], default=0)
    silence = RadioField(
        _l("What it means if they do not answer a request"),
        choices=options(
            (
                (Silence.CONSENTS.value, _l("Silence consents: the meeting may be scheduled")),
                (Silence.REFUSES.value, _l("Silence refuses: no meeting without their yes")),
            )
        ),
        default=Silence.CONSENTS.value,
    )

    def show(self, row: ParticipantType) -> None:
        self.names.process(None, row.names)
        self.silence.data = row.silence.value
        for name in ("revision", "code", "min_meetings", *LIMITS):
            self[name].data = getattr(row, name)

    def rules(self) -> TypeRules:
        return TypeRules(
            code=(self.code.data or "").strip(),
            names=self.names.texts,
            min_meetings=self.min_meetings.data or 0,
            silence=Silence(self.silence.data),
            **{name: self[name].data for name in LIMITS},
        )
