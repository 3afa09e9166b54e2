"""The form that starts a run, and the one that publishes a draft: shape only."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import lazy_gettext
from wtforms import DateField, HiddenField, IntegerField, RadioField, SelectField
from wtforms.validators import AnyOf, InputRequired, NumberRange, Optional
from wtforms.widgets import HiddenInput

from matchmaker.domain.states import VersionKind
from matchmaker.web.forms.parts import HouseForm, ticks

_l: Any = lazy_gettext
MOST_SECONDS = 3600


def _day(value: Any) -> date:
    """Return the day that a box stands for; the library takes a ``ValueError`` for no choice of its own."""
    return value if isinstance(value, date) else date.fromisoformat(value)


class StartForm(HouseForm):
    """What to weigh, for how long, and whose locked meetings to keep; the page gives presets and drafts."""

    preset = RadioField(_l("What comes first"), [InputRequired()])
    seconds = IntegerField(
        _l("Seconds"),
        [InputRequired(), NumberRange(1, MOST_SECONDS)],
        description=_l("A good schedule is there after seconds; more time brings value and bound closer together."),
    )
    bonus_percent = SelectField(
        _l("Weight of fairness"),
        default=100,
        coerce=int,
        description=_l("What first meetings count against the rules; published rules say ×1."),
    )
    draft = SelectField(_l("Locked meetings"), [Optional()], default="")


class PublishForm(HouseForm):
    """How a draft goes out; ``revision`` is the version that the publisher saw, 0 before the first.

    ``draft_revision`` is that of the draft they read. The page gives the days there are, as many as can be chosen.
    """

    days = ticks(_l("Days to publish"), coerce=_day)
    rest_on = DateField(
        _l("The other days are announced on"),
        [Optional()],
        description=_l("Agendas, mail and paper name this day; without it they say that the rest comes later."),
    )
    kind = HiddenField(validators=[AnyOf([str(kind) for kind in VersionKind])])
    revision = IntegerField(_l("Last version published"), widget=HiddenInput(), default=0)
    draft_revision = IntegerField(_l("Draft"), widget=HiddenInput())
