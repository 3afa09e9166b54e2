"""The form of an event's frame; days and breaks are rows that work without any script."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time, timedelta
from types import MappingProxyType
from typing import Any

from wtforms import (
    DateField,
    DateTimeLocalField,
    FieldList,
    Form,
    FormField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TimeField,
    ValidationError,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from matchmaker.domain.formats import Format
from matchmaker.domain.states import Asking, Locale
from matchmaker.domain.timetable import Break, BreakKind, DayPlan, make_slots
from matchmaker.models import Event
from matchmaker.services.events import MOST_TABLES, EventFrame, Pause
from matchmaker.web.forms.parts import RevisedForm, WordsField, _l, is_blank, limit, options, rows_wanted, ticks

INKS = (
    ("petrol", _l("Petrol")),
    ("majorelle", _l("Majorelle blue")),
    ("garnet", _l("Garnet")),
    ("olive", _l("Olive")),
    ("brick", _l("Brick")),
    ("aubergine", _l("Aubergine")),
    ("own", _l("A colour of our own")),
)
KINDS = (
    (BreakKind.LUNCH, _l("Lunch")),
    (BreakKind.PRAYER, _l("Prayer")),
    (BreakKind.FRIDAY, _l("Friday prayer and lunch")),
    (BreakKind.COFFEE, _l("Coffee break")),
    (BreakKind.OTHER, _l("Another break")),
)
ZONES = (
    "Africa/Casablanca",
    "Africa/Algiers",
    "Africa/Cairo",
    "Africa/Dakar",
    "Africa/Nouakchott",
    "Africa/Tripoli",
    "Africa/Tunis",
    "Asia/Amman",
    "Asia/Beirut",
    "Asia/Dubai",
    "Asia/Qatar",
    "Asia/Riyadh",
    "Europe/Brussels",
    "Europe/Istanbul",
    "Europe/Madrid",
    "Europe/Paris",
    "UTC",
)
"""Zones that the form suggests; any other that exists may be written."""
SOME_DAY = date(2000, 1, 3)
"""Stands for the dates that nobody has said yet."""
LANGUAGES = ((Locale.ARABIC, _l("Arabic")), (Locale.FRENCH, _l("French")), (Locale.ENGLISH, _l("English")))


def ends_after_it_starts(form: Any, field: TimeField) -> None:
    """Refuse hours that run backwards, at the end they give."""
    if form.start.data and field.data and field.data <= form.start.data:
        raise ValidationError(_l("The end must be after the start."))


class DayRow(Form):
    """One day and its hours; an empty row is no day."""

    day = DateField(_l("Date"), [Optional()])
    start = TimeField(_l("From"), [Optional()])
    end = TimeField(_l("To"), [Optional(), ends_after_it_starts])

    def validate(self, extra_validators: Any = None) -> bool:
        fine = super().validate(extra_validators)
        return _whole(self, ("day", "start", "end")) and fine


class BreakRow(Form):
    """One break; without a date it is on every day. An empty row is no break."""

    kind = SelectField(_l("Kind"), choices=options(KINDS))
    day = DateField(_l("Date (empty: every day)"), [Optional()])
    start = TimeField(_l("From"), [Optional()])
    end = TimeField(_l("To"), [Optional(), ends_after_it_starts])

    def validate(self, extra_validators: Any = None) -> bool:
        fine = super().validate(extra_validators)
        return _whole(self, ("start", "end"), ("day",)) and fine


class FrameForm(RevisedForm):
    """An event as it exists; ``NewEventForm`` adds the address."""

    names = WordsField(_l("Name of the event"))
    places = WordsField(_l("Place"))
    patronage = WordsField(_l("Patronage"))
    zone = StringField(_l("Time zone"), [DataRequired(), Length(max=64)], default="Africa/Casablanca")
    languages = ticks(_l("Languages of the event"), choices=options(LANGUAGES), default=list(Locale))
    public_address = RadioField(
        _l("How do people reach these pages?"),
        choices=options(
            (
                ("public", _l("At a public address: links go out beforehand")),
                ("hall", _l("In the hall only, on its own network: paper, screens and phones there")),
            )
        ),
        default="public",
    )
    days = FieldList(FormField(DayRow), _l("Days"), max_entries=40)
    breaks = FieldList(FormField(BreakRow), _l("Breaks"), max_entries=60)
    slot_minutes = IntegerField(_l("Minutes of a slot"), [InputRequired(), NumberRange(5, 240)], default=20)
    changeover_minutes = IntegerField(_l("Minutes to change over"), [InputRequired(), NumberRange(0, 60)], default=5)
    max_consecutive = limit(_l("Most meetings in a row"), 50)
    asking = RadioField(
        _l("How do meetings come about?"),
        choices=options(
            (
                (Asking.WISHES, _l("By wishes: everybody says whom they want, and the schedule weighs it")),
                (Asking.REQUESTS, _l("By requests: only what both sides accept is scheduled")),
            )
        ),
        default=Asking.WISHES,
    )
    answer_days = limit(_l("Days to answer a request"), 60)
    wishes_close_at = DateTimeLocalField(_l("Wishes close on"), [Optional()])
    agendas_on = DateField(_l("Agendas come on"), [Optional()])
    comments_close_at = DateTimeLocalField(_l("Comments on the provisional agenda close on"), [Optional()])
    must_quota = IntegerField(_l("“Must meet” wishes each"), [InputRequired(), NumberRange(0, 50)], default=5)
    like_quota = IntegerField(_l("“Would like” wishes each"), [InputRequired(), NumberRange(0, 200)], default=10)
    accent = RadioField(_l("Colour"), choices=options(INKS), default="petrol")
    own_accent = StringField(_l("Colour of our own"), [Optional(), Length(max=7)])
    controller = StringField(_l("Who answers for personal data"), [Optional(), Length(max=200)])
    cndp_number = StringField(_l("Number of the declaration to the CNDP"), [Optional(), Length(max=64)])
    delete_after = DateField(_l("Personal data is deleted after"), [Optional()])

    def show(self, event: Event) -> None:
        """Put the event into the fields."""
        for name in ("names", "places", "patronage"):
            self[name].process(None, getattr(event, name))
        for name in PLAIN:
            self[name].data = getattr(event, name)
        self.asking.data = event.asking
        self.controller.data, self.cndp_number.data = event.controller, event.cndp_number
        self.languages.data = list(event.languages)
        self.public_address.data = "public" if event.public_address else "hall"
        self.accent.data = "own" if event.accent.startswith("#") else event.accent
        self.own_accent.data = event.accent if event.accent.startswith("#") else ""
        for day in event.days:
            self.days.append_entry({"day": day.day, "start": day.start, "end": day.end})
        for pause in event.breaks:
            self.breaks.append_entry({name: getattr(pause, name) for name in ("kind", "day", "start", "end")})

    def frame(
        self, slug: str, titles: Mapping[tuple[str, time], Mapping[str, str]] = MappingProxyType({})
    ) -> EventFrame:
        """Return what was written. ``titles`` of breaks that stay, by kind and start: the form asks for none."""
        return EventFrame(
            slug=slug,
            names=self.names.texts,
            places=self.places.texts,
            patronage=self.patronage.texts,
            languages=tuple(self.languages.data or ()),
            asking=Asking(self.asking.data),
            public_address=self.public_address.data == "public",
            accent=(self.own_accent.data or "").strip() if self.accent.data == "own" else self.accent.data,
            days=tuple(DayPlan(row["day"], row["start"], row["end"]) for row in _filled(self.days) if row["day"]),
            breaks=tuple(_pause(row, titles) for row in _filled(self.breaks)),
            controller=self.controller.data or "",
            cndp_number=self.cndp_number.data or "",
            **{name: self[name].data for name in PLAIN},
        )

    def make_room(self) -> None:
        """Leave empty rows for one more day and two more breaks."""
        rows_wanted(self.days, 2, 1)
        rows_wanted(self.breaks, 3, 2)


class NewDayRow(DayRow):
    """A day of a new event: the hours are suggested, so that without a date it is no day."""

    def validate(self, extra_validators: Any = None) -> bool:
        dateless = not any(self.day.raw_data or ())
        return dateless or super().validate(extra_validators)


class NewEventForm(FrameForm):
    days = FieldList(FormField(NewDayRow), _l("Days"), max_entries=40)
    slug = StringField(_l("Address"), [DataRequired(), Length(max=64)])
    tables = IntegerField(_l("Tables in the hall"), [InputRequired(), NumberRange(0, MOST_TABLES)])

    def start_from(self, usual: Format) -> None:
        """Fill in what events of a format usually look like; the dates are for the organiser to say."""
        for _number in range(usual.days):
            self.days.append_entry({"start": usual.start, "end": usual.end})
        for kind, start, end in usual.breaks:
            self.breaks.append_entry({"kind": kind, "start": start, "end": end})
        self.slot_minutes.data, self.changeover_minutes.data = usual.slot_minutes, usual.changeover_minutes
        self.tables.data, self.must_quota.data, self.like_quota.data = usual.tables, usual.musts, usual.likes

    @property
    def slots(self) -> int:
        """How many slots the hours give as they stand; until any day has a date, those without count."""
        days = [row for row in _filled(self.days) if row["start"] and row["end"]]
        days = [row for row in days if row["day"]] or days
        pauses = [row for row in _filled(self.breaks) if row["start"] and row["end"]]
        try:
            plans = [
                DayPlan(row["day"] or SOME_DAY + timedelta(days=number), row["start"], row["end"])
                for number, row in enumerate(days)
            ]
            breaks = [Break(row["day"], row["start"], row["end"]) for row in pauses]
            return len(make_slots(plans, breaks, self.slot_minutes.data or 0, self.changeover_minutes.data or 0))
        except (ValueError, OverflowError):  # what is wrong is said at its field when the form is sent
            return 0


PLAIN = (
    "zone",
    "slot_minutes",
    "changeover_minutes",
    "max_consecutive",
    "answer_days",
    "agendas_on",
    "wishes_close_at",
    "comments_close_at",
    "must_quota",
    "like_quota",
    "delete_after",
)


def _filled(rows: FieldList[Any]) -> list[dict[str, Any]]:
    return [row.data for row in rows if not is_blank(row)]


def _pause(row: dict[str, Any], titles: Mapping[tuple[str, time], Mapping[str, str]]) -> Pause:
    kind = BreakKind(row["kind"])
    return Pause(row["start"], row["end"], row["day"], kind, titles.get((kind.value, row["start"]), {}))


def _whole(row: Any, needed: tuple[str, ...], besides: tuple[str, ...] = ()) -> bool:
    """Put an error to each needed answer that is missing in a row of which anything was written."""
    if not any(row[name].data for name in (*needed, *besides)):
        return True
    missing = [name for name in needed if row[name].data is None and not row[name].errors]
    for name in missing:
        row[name].errors = [_l("This is missing.")]
    return not missing
