"""The form of somebody who comes without being registered: one page, filled in within a minute."""

from __future__ import annotations

import re

from wtforms import BooleanField, EmailField, RadioField, StringField, TelField
from wtforms.validators import DataRequired, InputRequired, Optional

from matchmaker.domain.states import Locale
from matchmaker.models import Texts
from matchmaker.web.forms.parts import HouseForm, _l, options, ticks
from matchmaker.web.forms.people import ADDRESS, NAMELESS, NUMBER, at_most, clean
from matchmaker.web.languages import NAMES, current

_ARABIC = re.compile(r"[\u0621-\u064a]")


class WalkInForm(HouseForm):
    """Who has come, for whom, and what they look for; ``needs`` are topics that somebody of the event offers."""

    name = StringField(_l("Name"), [DataRequired(NAMELESS), at_most(120)], filters=[clean])
    organisation = StringField(_l("Organisation"), [DataRequired(NAMELESS), at_most(120)], filters=[clean])
    languages = ticks(_l("Languages in which they can hold a meeting"))
    needs = ticks(_l("What they look for"))
    email = EmailField(_l("E-mail"), [Optional(), at_most(254), ADDRESS], filters=[clean])
    phone = TelField(_l("Phone"), [Optional(), NUMBER], filters=[clean])
    locale = RadioField(
        _l("Language of their agenda"),
        [InputRequired()],
        choices=options((locale, NAMES[locale]) for locale in Locale),
        default=current,
    )
    consent = BooleanField(
        _l("They agree that their name, times and wishes are used to schedule meetings."),
        [DataRequired(_l("Without this no meeting can be scheduled."))],
    )


def in_its_script(name: str) -> Texts:
    """Return a name under the language that is written in its letters."""
    return {"ar" if _ARABIC.search(name) else "fr": name}
