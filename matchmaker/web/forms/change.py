"""The forms of the page on which a published meeting is changed: each has one button."""

from __future__ import annotations

from wtforms import BooleanField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from matchmaker.web.forms.parts import HouseForm, _l
from matchmaker.web.forms.people import clean

MOST_LETTERS = 300


class AddForm(HouseForm):
    """Which colleague comes as well."""

    takes = SelectField(_l("Colleague"), [InputRequired(_l("Choose a colleague."))], validate_choice=False)


class HandForm(AddForm):
    """Which colleague comes instead; ``gives`` is absent where it is clear in whose place."""

    gives = SelectField(_l("Instead of"), [InputRequired(_l("Choose a colleague."))], validate_choice=False)


class AskForm(HouseForm):
    """A sentence for the organiser."""

    words = TextAreaField(_l("What the organiser should know"), [Optional(), Length(max=MOST_LETTERS)], filters=[clean])


class CancelForm(AskForm):
    withdraw = BooleanField(_l("Also withdraw the request: we do not want this meeting any more"))


class TakeBackForm(HouseForm):
    """A button."""


class SettleForm(HouseForm):
    """How an organiser settles a change: the buttons say which, the answer goes to whoever asked."""

    answer = StringField(_l("A sentence back"), [Optional(), Length(max=MOST_LETTERS)], filters=[clean])
