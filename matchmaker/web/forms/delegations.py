"""The forms of delegations: what one is called and who heads it, and a list of those who join."""

from __future__ import annotations

from wtforms import SelectField, TextAreaField
from wtforms.validators import Length

from matchmaker.models import Delegation
from matchmaker.web.forms.parts import HouseForm, RevisedForm, WordsField, _l

LONGEST_LIST = 40_000


class NewDelegationForm(HouseForm):
    names = WordsField(_l("Name"))


class DelegationForm(RevisedForm):
    """A delegation that is there; who could head it is said by the page."""

    names = WordsField(_l("Name"))
    head_id = SelectField(_l("Head of the delegation"), coerce=int)

    def show(self, row: Delegation) -> None:
        self.names.process(None, row.names)
        self.revision.data, self.head_id.data = row.revision, row.head_id or 0


class ListForm(HouseForm):
    """Organisations, one a line, as they are copied from a sheet or a message."""

    lines = TextAreaField(_l("Organisations or people, one a line"), [Length(max=LONGEST_LIST)])
