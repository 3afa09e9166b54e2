"""The forms of zones, walks, halls and stands."""

from __future__ import annotations

from wtforms import IntegerField, RadioField, SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from matchmaker.models import Location
from matchmaker.services.places import Place
from matchmaker.web.forms.parts import RevisedForm, WordsField, _l, options, ticks


class ZoneForm(RevisedForm):
    code = StringField(_l("Short code"), [DataRequired(), Length(max=16)])
    names = WordsField(_l("Name of the zone"))


class WalkForm(RevisedForm):
    """The walk between two zones; 0 takes it away."""

    one = SelectField(_l("From"), coerce=int)
    other = SelectField(_l("To"), coerce=int)
    minutes = IntegerField(_l("Minutes"), [InputRequired(), NumberRange(0, 120)])


class PlaceForm(RevisedForm):
    """A hall or a stand; its owners and closed slots are ticked."""

    code = StringField(_l("Short code"), [DataRequired(), Length(max=24)])
    names = WordsField(_l("Name"))
    kind = RadioField(
        _l("Kind"),
        choices=options((("hall", _l("Hall with tables")), ("stand", _l("Stand, used by its owners")))),
        default="hall",
    )
    capacity = IntegerField(_l("Tables"), [InputRequired(), NumberRange(1, 1000)], default=1)
    zone_id = SelectField(_l("Zone"), coerce=int)
    features = StringField(_l("Features"), [Optional(), Length(max=200)])
    owner_ids = ticks(_l("Owners"), coerce=int)
    closed_slot_ids = ticks(_l("Closed at"), coerce=int)

    def show(self, location: Location) -> None:
        self.revision.data, self.code.data, self.capacity.data = location.revision, location.code, location.capacity
        self.names.process(None, location.names)
        self.kind.data = "stand" if location.is_stand else "hall"
        self.zone_id.data = location.zone_id or 0
        self.features.data = ", ".join(location.features)
        self.owner_ids.data = [owner.organisation_id for owner in location.owners]
        self.closed_slot_ids.data = [closure.slot_id for closure in location.closures]

    def place(self) -> Place:
        features = [one.strip() for one in (self.features.data or "").replace("،", ",").split(",")]
        return Place(
            code=(self.code.data or "").strip(),
            names=self.names.texts,
            capacity=self.capacity.data or 1,
            is_stand=self.kind.data == "stand",
            zone_id=self.zone_id.data or None,
            features=tuple(one for one in features if one),
            owner_ids=frozenset(self.owner_ids.data or ()),
            closed_slot_ids=frozenset(self.closed_slot_ids.data or ()),
        )
