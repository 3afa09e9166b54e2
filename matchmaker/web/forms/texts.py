"""The form of the texts of one kind of message: a subject and an opening in each language, empty where it is ours."""

from __future__ import annotations

from collections.abc import Mapping

from wtforms import Field, StringField, TextAreaField

from matchmaker.domain.states import Locale
from matchmaker.domain.texts import Part, Words, fault, tidied
from matchmaker.errors import UnfitText
from matchmaker.models import MessageText
from matchmaker.services.texts import by_name, name_of
from matchmaker.web.errors import sentence
from matchmaker.web.forms.parts import RevisedForm, _l


class TextForm(RevisedForm):
    subject_ar = StringField(_l("Subject in Arabic"))
    opening_ar = TextAreaField(_l("Opening in Arabic"))
    subject_fr = StringField(_l("Subject in French"))
    opening_fr = TextAreaField(_l("Opening in French"))
    subject_en = StringField(_l("Subject in English"))
    opening_en = TextAreaField(_l("Opening in English"))

    def show(self, row: MessageText | None) -> None:
        self.revision.data = row.revision if row else 0
        for name, text in (by_name(Words(row.subjects, row.openings)) if row else {}).items():
            self[name].data = text

    def control(self, part: Part, locale: str) -> Field:
        return self[name_of(part, locale)]

    @property
    def words(self) -> Words:
        return Words(*(self._written(part) for part in Part))

    def _written(self, part: Part) -> Mapping[str, str]:
        return {str(locale): tidied(self.control(part, locale).data or "") for locale in Locale}

    def fits(self, kind: str) -> bool:
        """Tell whether all texts may go out; each that may not says why, so that all are mended at once."""
        for part in Part:
            for language, text in self.words.of(part).items():
                if found := fault(kind, part, text):
                    control = self.control(part, language)
                    control.errors = [*control.errors, sentence(UnfitText(control.name, *found))]
        return not self.errors
