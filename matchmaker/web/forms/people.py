"""The forms in which people describe themselves and their organisation."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import Any

from wtforms import (
    BooleanField,
    EmailField,
    Field,
    FormField,
    RadioField,
    SelectField,
    StringField,
    TelField,
    TextAreaField,
)
from wtforms import Form as PlainForm
from wtforms.validators import DataRequired, InputRequired, Length, Optional, Regexp

from matchmaker.domain.states import Channel, Locale
from matchmaker.web.forms.parts import HouseForm, RevisedForm, WordsField, _l, options, ticks
from matchmaker.web.languages import NAMES, current

CHANNELS = (
    (Channel.MAIL, _l("By e-mail")),
    (Channel.PHONE, _l("By phone or WhatsApp")),
    (Channel.PAPER, _l("On paper, at the welcome desk")),
)
CALENDARS = (
    (False, _l("One file with all meetings, in the message about my agenda")),
    (True, _l("An invitation for each meeting, and for each change of it")),
)
TOO_LONG = _l("This is too long: at most %(max)d characters.")
ADDRESS = Regexp(r"[^@\s<>,;]+@[^@\s<>,;]+\.[^@\s<>,;]+\Z", message=_l("This is not an e-mail address."))
NUMBER = Regexp(r"[+0-9 ().-]{6,32}\Z", message=_l("A phone number has digits, spaces and a plus: +212 6 00 00 00 00."))
WEB = Regexp(r"https?://[^\s<>\"]+\.[^\s<>\"]+\Z", message=_l("This is not an address of a web site."))

NAMELESS = _l("Give a name, in Latin or in Arabic letters.")
UNREACHABLE = (
    ("email", Channel.MAIL, _l("Give an e-mail address, or choose to be told by phone or on paper.")),
    ("phone", Channel.PHONE, _l("Give a phone number, or choose to be told by e-mail or on paper.")),
)
INVALID = 422


def clean(text: str | None) -> str:
    """Return what was typed without the control characters that no keyboard makes, and without outer blanks."""
    kept = (one for one in text or "" if one == "\n" or unicodedata.category(one) != "Cc")
    return "".join(kept).strip()


def with_scheme(address: str) -> str:
    return f"https://{address}" if address and "://" not in address else address


def at_most(length: int) -> Length:
    return Length(max=length, message=TOO_LONG)


class Scripts(PlainForm):
    """A name in the two scripts, of which one may be missing."""

    latin = StringField(_l("In Latin letters"), [at_most(120)], filters=[clean])
    ar = StringField(_l("In Arabic letters"), [at_most(120)], filters=[clean])


class ScriptsField(FormField):  # type: ignore[type-arg]  # the class has no brackets when it runs
    """A name in two scripts; ``texts`` is what was written. Latin letters are kept as French."""

    def __init__(self, label: Any = None, **kwargs: Any) -> None:
        super().__init__(Scripts, label, **kwargs)

    @property
    def texts(self) -> dict[str, str]:
        written = {"fr": self.form.latin.data, "ar": self.form.ar.data}
        return {locale: text for locale, text in written.items() if text}


class PersonForm(HouseForm):
    """Who somebody is and how they are reached."""

    names = ScriptsField(_l("Name"))
    email = EmailField(_l("E-mail"), [Optional(), at_most(254), ADDRESS], filters=[clean])
    phone = TelField(_l("Phone"), [Optional(), NUMBER], filters=[clean])
    languages = ticks(_l("Languages in which you can hold a meeting"))
    locale = RadioField(
        _l("Language of your agenda and messages"),
        [InputRequired()],
        choices=options((locale, NAMES[locale]) for locale in Locale),
        default=current,
    )
    channel = RadioField(
        _l("How shall we tell you things?"), [InputRequired()], choices=options(CHANNELS), default=Channel.MAIL
    )

    def validate(self, extra_validators: Any = None) -> bool:
        """Judge all that is missing at once: who leaves three things out is told three things."""
        fine = bool(super().validate(extra_validators))
        scripts = (control for control in self if isinstance(control, ScriptsField))
        self.at_field = {control.short_name: NAMELESS for control in scripts if not control.texts}
        if self.at_field:
            self.status = INVALID
        for name, channel, words in UNREACHABLE:
            if name in self and self.channel.data == channel and not self[name].data and not self[name].errors:
                self[name].errors = [words]
                fine = False
        return fine and not self.at_field

    @property
    def arabic_first(self) -> bool:
        """Tell whether a name is asked in Arabic letters before Latin ones."""
        return current() is Locale.ARABIC


class AgreeingForm(PersonForm):
    """Somebody who agrees, purpose by purpose."""

    consent_scheduling = BooleanField(
        _l("I agree that my name, my times and our wishes are used to schedule meetings."),
        [DataRequired(_l("Without this no meeting can be scheduled."))],
    )
    consent_directory = BooleanField(_l("I agree that participants see my name and role in the directory."))
    consent_contact = BooleanField(_l("I agree that those I meet receive my e-mail address and phone number."))

    @property
    def consents(self) -> frozenset[str]:
        purposes = ("scheduling", "directory", "contact")
        return frozenset(purpose for purpose in purposes if self[f"consent_{purpose}"].data)


class ColleagueForm(AgreeingForm):
    """Somebody new."""

    job = StringField(_l("Role"), [Optional(), at_most(120)], filters=[clean])


class RegistrationForm(ColleagueForm):
    """A person with the organisation they bring."""

    organisation_names = ScriptsField(_l("Organisation"))
    type_code = SelectField(_l("You take part as"), [Optional()])
    city = StringField(_l("Town"), [Optional(), at_most(80)], filters=[clean])
    country = SelectField(_l("Country"), default="MA")

    def __iter__(self) -> Iterator[Field]:
        """Give the fields as the page asks them: the organisation right after the name."""
        first = ("names", "organisation_names", "city", "country", "type_code")
        place = {name: number for number, name in enumerate(first)}
        return iter(sorted(super().__iter__(), key=lambda control: place.get(control.short_name, len(first))))


class ProfileForm(AgreeingForm, RevisedForm):
    """What a person changes of themselves later."""

    job = WordsField(_l("Role"))
    by_invitation = RadioField(
        _l("How shall your meetings come into your calendar?"),
        [InputRequired()],
        choices=options(CALENDARS),
        coerce=lambda value: str(value) == "True",
        default=False,
    )


class OrganisationForm(RevisedForm):
    """What an organisation says of itself; offers and needs are ticks in groups of the taxonomy."""

    names = WordsField(_l("Name of the organisation"))
    city = StringField(_l("Town"), [Optional(), at_most(80)], filters=[clean])
    country = SelectField(_l("Country"), default="MA")
    website = StringField(_l("Web site"), [Optional(), at_most(200), WEB], filters=[clean, with_scheme])
    about = TextAreaField(_l("The organisation in three sentences"), [Optional(), at_most(1200)], filters=[clean])
    offers = ticks(_l("What you offer"))
    offers_text = TextAreaField(_l("What you offer, in your own words"), [Optional(), at_most(600)], filters=[clean])
    needs = ticks(_l("What you look for"))
    needs_text = TextAreaField(_l("What you look for, in your own words"), [Optional(), at_most(600)], filters=[clean])
