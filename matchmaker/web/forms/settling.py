"""What organisers settle: for one person and their organisation, for a request, for their own team."""

from __future__ import annotations

from wtforms import BooleanField, IntegerField, SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from matchmaker.domain.states import Locale
from matchmaker.models import Organisation, Participation
from matchmaker.services.people import HIGHEST_RANK, Hosting, Limits, Protocol
from matchmaker.web.forms.parts import HouseForm, LongSelect, RevisedForm, _l, limit

NUMBERS = ("max_meetings", "max_per_day", "max_consecutive", "min_meetings")


class LimitsForm(RevisedForm):
    """Empty: as the type of the organisation says."""

    max_meetings = limit(_l("Most meetings"))
    max_per_day = limit(_l("Most in a day"))
    max_consecutive = limit(_l("Most in a row"))
    min_meetings = limit(_l("Promised minimum"))
    parallel = IntegerField(_l("Meetings at once"), [InputRequired(), NumberRange(1, 100)], default=1)
    location_id = SelectField(_l("Always at"), coerce=int)
    represents = BooleanField(_l("May be chosen for meetings of the organisation"))

    def show(self, person: Participation) -> None:
        self.location_id.data = person.location_id or 0
        for name in ("revision", "parallel", "represents", *NUMBERS):
            self[name].data = getattr(person, name)

    def limits(self) -> Limits:
        return Limits(
            parallel=self.parallel.data or 1,
            location_id=self.location_id.data or None,
            represents=bool(self.represents.data),
            **{name: self[name].data for name in NUMBERS},
        )


class ProtocolForm(RevisedForm):
    """What protocol asks; nothing of it is asked of the person."""

    title_ar = StringField(_l("Title in Arabic"), [Length(max=80)])
    title_fr = StringField(_l("Title in French"), [Length(max=80)])
    title_en = StringField(_l("Title in English"), [Length(max=80)])
    rank = IntegerField(_l("Rank in the order of protocol"), [Optional(), NumberRange(1, HIGHEST_RANK)])
    moved_by_hand = BooleanField(_l("Only people move this person’s meetings, no run does"))

    def show(self, person: Participation) -> None:
        self.revision.data, self.rank.data = person.revision, person.protocol_rank
        self.moved_by_hand.data = person.moved_by_hand
        for locale in Locale:
            self[f"title_{locale}"].data = person.title.get(locale, "")

    def protocol(self) -> Protocol:
        written = {str(locale): (self[f"title_{locale}"].data or "").strip() for locale in Locale}
        title = {locale: words for locale, words in written.items() if words}
        return Protocol(title, self.rank.data, bool(self.moved_by_hand.data))


class HostingForm(RevisedForm):
    type_id = SelectField(_l("Type"), coerce=int)
    is_host = BooleanField(_l("Hears audiences: many ask, one by one"))
    meeting_slots = IntegerField(_l("Slots of one meeting"), [InputRequired(), NumberRange(1, 12)], default=1)
    listed = BooleanField(_l("Shown in the directory"))

    def show(self, organisation: Organisation) -> None:
        self.type_id.data = organisation.type_id or 0
        for name in ("revision", "is_host", "meeting_slots", "listed"):
            self[name].data = getattr(organisation, name)

    def hosting(self, windows: frozenset[tuple[int, str]]) -> Hosting:
        """Return what was written, with the ``windows`` that this form does not show."""
        return Hosting(
            type_id=self.type_id.data or None,
            is_host=bool(self.is_host.data),
            meeting_slots=self.meeting_slots.data or 1,
            listed=bool(self.listed.data),
            windows=windows,
        )


class WindowForm(HouseForm):
    """A slot that a host keeps for one theme."""

    slot_id = SelectField(_l("Slot"), coerce=int)
    topic = SelectField(_l("For those who offer or need"))


class DelegationForm(HouseForm):
    delegation_id = SelectField(_l("Delegation"), coerce=int)


class JoinForm(HouseForm):
    organisation_code = StringField(_l("Code of the organisation"), [DataRequired(), Length(max=32)])


class PriorityForm(HouseForm):
    """The organiser's priority for the request between two organisations."""

    one = SelectField(_l("One side"), widget=LongSelect())
    other = SelectField(_l("The other side"), widget=LongSelect())
    reason = StringField(_l("Reason"), [DataRequired(), Length(max=200)])


class MemberForm(HouseForm):
    """A role in the event for an account that signs in with a password."""

    login = StringField(_l("Sign-in name"), [DataRequired(), Length(max=254)])
    role = SelectField(_l("Role"))
