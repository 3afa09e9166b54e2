"""The form of an act that nobody can undo: it is typed."""

from __future__ import annotations

from wtforms import StringField
from wtforms.validators import Length

from matchmaker.web.forms.parts import HouseForm, _l


class DeletionForm(HouseForm):
    """The event's address, typed by who means it."""

    typed = StringField(_l("Type the address of the event"), [Length(max=64)])
