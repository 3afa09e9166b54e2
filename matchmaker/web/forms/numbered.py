"""Opening a numbered queue."""

from __future__ import annotations

from wtforms import IntegerField, SelectField
from wtforms.validators import InputRequired, NumberRange

from matchmaker.web.forms.parts import HouseForm, _l

LONGEST = 120


class OpenForm(HouseForm):
    """Whose queue, and how many minutes one visitor takes."""

    host = SelectField(_l("Host"), [InputRequired()])
    minutes = IntegerField(_l("Minutes for one visitor"), [InputRequired(), NumberRange(1, LONGEST)], default=10)
