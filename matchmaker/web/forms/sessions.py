"""The forms of a session and of the people named for it."""

from __future__ import annotations

from datetime import date, time

from wtforms import BooleanField, SelectField, TimeField
from wtforms.validators import InputRequired

from matchmaker.models import EventSession
from matchmaker.services.sessions import SessionPlan
from matchmaker.web.forms.frame import ends_after_it_starts
from matchmaker.web.forms.parts import RevisedForm, WordsField, _l, limit, ticks


class SessionForm(RevisedForm):
    titles = WordsField(_l("Title"))
    day = SelectField(_l("Day"), coerce=str)
    start = TimeField(_l("From"), [InputRequired()])
    end = TimeField(_l("To"), [InputRequired(), ends_after_it_starts])
    rooms = WordsField(_l("Room"))
    zone_id = SelectField(_l("Zone"), coerce=int)
    capacity = limit(_l("Seats"), 100000)
    for_everybody = BooleanField(_l("For everybody: nobody has a meeting then"))
    closed = BooleanField(_l("Closed: nobody signs up, its people are named"))

    def show(self, row: EventSession) -> None:
        self.titles.process(None, row.titles)
        self.rooms.process(None, row.rooms)
        self.revision.data, self.day.data, self.zone_id.data = row.revision, row.day.isoformat(), row.zone_id or 0
        for name in ("start", "end", "capacity", "for_everybody", "closed"):
            self[name].data = getattr(row, name)

    def plan(self) -> SessionPlan:
        return SessionPlan(
            titles=self.titles.texts,
            rooms=self.rooms.texts,
            day=date.fromisoformat(self.day.data),
            start=self.start.data or time.min,  # never empty: the form was validated
            end=self.end.data or time.max,
            zone_id=self.zone_id.data or None,
            capacity=self.capacity.data,
            for_everybody=bool(self.for_everybody.data),
            closed=bool(self.closed.data),
        )


class SeatsForm(RevisedForm):
    """Who has a seat, and who of them speaks."""

    people = ticks(_l("Has a seat"), coerce=int)
    speakers = ticks(_l("Gives a talk"), coerce=int)
