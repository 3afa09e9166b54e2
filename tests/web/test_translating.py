"""Templates get the words of the language at work, each time it changes, and escape what is put into them."""

import pytest
from flask import render_template_string
from flask_babel import force_locale

WISHES = {"ar": "الاختيارات", "fr": "Souhaits", "en": "Wishes"}


def test_words_follow_the_language_within_one_request(app):
    with app.test_request_context():
        for locale, words in [*WISHES.items(), *reversed(WISHES.items())]:
            with force_locale(locale):
                assert render_template_string("{{ _('Wishes') }}") == words


@pytest.mark.parametrize(("count", "words"), [(0, "0 rendez-vous verrouillé"), (2, "2 rendez-vous verrouillés")])
def test_forms_of_the_plural_are_those_of_the_language(app, count, words):
    template = "{{ ngettext('%(num)s locked meeting', '%(num)s locked meetings', count) }}"
    with app.test_request_context(), force_locale("fr"):
        assert render_template_string(template, count=count) == words


def test_what_is_put_into_a_text_is_escaped(app):
    template = "{{ _('Most meetings: %(name)s.', name=name) }}"
    with app.test_request_context(), force_locale("en"):
        assert render_template_string(template, name="<b>") == "Most meetings: &lt;b&gt;."
        assert app.jinja_env.overlay(autoescape=False).from_string(template).render(name="<b>") == "Most meetings: <b>."


def test_a_text_without_values_is_a_format_too(app):
    with app.test_request_context(), force_locale("en"):
        assert render_template_string("{{ _('100 %%') }}") == "100 %"
