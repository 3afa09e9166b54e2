"""The forms at the door."""

from __future__ import annotations

from wtforms import EmailField, PasswordField, StringField
from wtforms.validators import DataRequired, Length

from matchmaker.web.forms.parts import HouseForm, _l
from matchmaker.web.forms.people import ADDRESS, clean


class AskForm(HouseForm):
    email = EmailField(
        _l("Your e-mail address"),
        [DataRequired(_l("Write the address that you registered with.")), Length(max=254), ADDRESS],
        filters=[clean],
    )


class PasswordForm(HouseForm):
    login = StringField(_l("Sign-in name"), [DataRequired(_l("Write your sign-in name.")), Length(max=254)])
    password = PasswordField(_l("Password"), [DataRequired(_l("Write your password.")), Length(max=256)])
