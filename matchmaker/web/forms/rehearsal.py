"""The form that asks for a rehearsal: shape only."""

from __future__ import annotations

from typing import Any

from wtforms import IntegerField, SelectField
from wtforms.validators import InputRequired, NumberRange

from matchmaker.rehearsal.plan import Plan
from matchmaker.web.forms.parts import HouseForm, _l

USUAL = Plan()
MOST_PERCENT, MOST_SEED = 90, 9999


class RehearsalForm(HouseForm):
    """What is to go wrong; the page gives the places."""

    no_shows = IntegerField(
        _l("No-shows"),
        [InputRequired(), NumberRange(0, MOST_PERCENT)],
        default=USUAL.no_shows,
        description=_l("Of 100 meetings, to so many one side does not come."),
    )
    late = IntegerField(
        _l("Latecomers"),
        [InputRequired(), NumberRange(0, MOST_PERCENT)],
        default=USUAL.late,
        description=_l("Of 100 people, so many come half an hour after their first meeting began."),
    )
    place = SelectField(
        _l("Place that closes"),
        default="",
        description=_l("For the second half of the first day with meetings."),
    )
    seed = IntegerField(
        _l("Number of the lot"),
        [InputRequired(), NumberRange(0, MOST_SEED)],
        default=USUAL.seed,
        description=_l("The same number plays the same chances again; another one plays others."),
    )

    @property
    def plan(self) -> dict[str, Any]:
        return {
            "no_shows": self.no_shows.data,
            "late": self.late.data,
            "place": self.place.data,
            "seed": self.seed.data,
        }
