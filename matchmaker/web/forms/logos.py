"""The forms of logos: a picture with its words, and the words alone."""

from __future__ import annotations

from flask_wtf.file import FileField

from matchmaker.web.forms.parts import HouseForm, WordsField, _l


class LogoForm(HouseForm):
    """A new logo."""

    picture = FileField(_l("Picture"))
    alt = WordsField(_l("What it shows, in words"))


class AltForm(HouseForm):
    """The words of a logo that is there."""

    alt = WordsField(_l("What it shows, in words"))
