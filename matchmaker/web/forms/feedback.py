"""What somebody says of a meeting that has begun."""

from __future__ import annotations

from wtforms import RadioField, TextAreaField
from wtforms.validators import Optional

from matchmaker.domain.feedback import LONGEST_NOTE
from matchmaker.web.forms.parts import HouseForm, _l, options
from matchmaker.web.forms.people import at_most, clean

ANSWERS = (("yes", _l("Yes")), ("no", _l("No")), ("", _l("No answer")))


class FeedbackForm(HouseForm):
    """Any of its fields may come alone: those that do not keep what was said before."""

    took_place = RadioField(_l("Did the meeting take place?"), choices=options(ANSWERS))
    useful = RadioField(_l("Was it useful to you?"), choices=options(ANSWERS))
    note = TextAreaField(_l("My note"), [Optional(), at_most(LONGEST_NOTE)], filters=[clean])
