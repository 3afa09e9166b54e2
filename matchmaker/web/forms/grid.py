"""What comes in from the grid: the meeting, where to, and the revision of the draft that was looked at."""

from __future__ import annotations

import re

from wtforms import StringField
from wtforms.validators import InputRequired, Length

from matchmaker.errors import NotFound
from matchmaker.services.grid import Where
from matchmaker.web.forms.parts import RevisedForm
from matchmaker.web.incoming import LARGEST_ID

PLACE = re.compile(r"([0-9]{1,10})(?:-([0-9]{1,10})-([0-9]{1,4}))?")
"""A slot, or a slot, a location and a table: what the button of a cell sends."""
TABLE = re.compile(r"([0-9]{1,10})-([0-9]{1,4})")


class ActForm(RevisedForm):
    """One act on the draft."""


class MeetingForm(RevisedForm):
    """One act on one request of the draft."""

    meeting = StringField(validators=[InputRequired(), Length(max=40)])


class MoveForm(MeetingForm):
    """A cell that was pressed, or a slot and perhaps a table that were chosen."""

    place = StringField()
    slot = StringField()
    table = StringField()

    def where(self) -> Where:
        """Return where the meeting should go.

        Raises
        ------
        NotFound
            If what came in names no place.
        """
        pressed = PLACE.fullmatch(self.place.data or self.slot.data or "")
        if pressed is None:
            raise NotFound("place")
        slot, location, table = (int(part) if part else None for part in pressed.groups())
        if chosen := TABLE.fullmatch(self.table.data or ""):
            location, table = int(chosen[1]), int(chosen[2])
        if slot is None or max(slot, location or 0) > LARGEST_ID:
            raise NotFound("place")
        return Where(slot, location, table)
