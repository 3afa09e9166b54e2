"""The forms in which an organiser says what went wrong: one for people, one for places, one for sessions."""

from __future__ import annotations

from datetime import date, datetime

from wtforms import IntegerField, RadioField, SelectField, TimeField
from wtforms.validators import InputRequired, Optional
from wtforms.widgets import HiddenInput

from matchmaker.domain.happening import Happened, Happening
from matchmaker.models import EventSession
from matchmaker.web.forms.parts import HouseForm, LongSelect, RevisedForm, _l, options


class PersonForm(HouseForm):
    """Somebody comes late, has left, or does not come at all that day."""

    of = SelectField(_l("Whom it concerns"), [InputRequired()], widget=LongSelect())
    day = SelectField(_l("Day"), coerce=date.fromisoformat)
    kind = RadioField(
        _l("What happened"),
        choices=options(
            [
                (Happening.LATE, _l("Late: comes at the time below")),
                (Happening.LEFT, _l("Has left, and does not come back")),
                (Happening.ABSENT, _l("Does not come this day")),
            ]
        ),
        default=Happening.LATE,
    )
    until = TimeField(_l("Comes at"), [Optional()])

    def happened(self, wall: datetime) -> Happened:
        kind = Happening(self.kind.data or Happening.LATE)
        if kind is Happening.LEFT:
            return Happened(kind, self.of.data, wall.date())
        return Happened(kind, self.of.data, self.day.data, until=self.until.data if kind is Happening.LATE else None)


class PlaceForm(HouseForm):
    """A place cannot be used for a while."""

    of = SelectField(_l("Place"), [InputRequired()])
    day = SelectField(_l("Day"), coerce=date.fromisoformat)
    start = TimeField(_l("Closed from"), [InputRequired()])
    until = TimeField(_l("Open again at"), [InputRequired()])

    def happened(self, _wall: datetime) -> Happened:
        return Happened(Happening.CLOSED, self.of.data, self.day.data, self.start.data, self.until.data)


class SessionForm(HouseForm):
    """A session goes on for longer than was planned."""

    of = SelectField(_l("Session"), [InputRequired()])
    until = TimeField(_l("Goes on until"), [InputRequired()])

    def show(self, sessions: list[EventSession]) -> None:
        self.sessions = {str(one.id): one for one in sessions}

    def happened(self, _wall: datetime) -> Happened:
        row = self.sessions[self.of.data]
        return Happened(Happening.OVERRUN, self.of.data, row.day, row.end, self.until.data)


class ChooseForm(RevisedForm):
    """The way that is published, by the number of its draft."""

    draft = IntegerField(widget=HiddenInput())


FORMS = {"person": PersonForm, "place": PlaceForm, "session": SessionForm}
