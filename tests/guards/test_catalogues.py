"""Every word for people is in three languages: nothing missing, nothing outside the catalogues."""

import ast
import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from matchmaker.translations.compiling import compile_catalogues

ROOT = Path(__file__).resolve().parents[2]
LOCALES = ("ar", "fr")
KEYWORDS = {
    "_": None,
    "gettext": None,
    "lazy_gettext": None,
    "_l": None,
    "N_": None,
    "ngettext": (1, 2),
    "lazy_ngettext": (1, 2),
}
PLACEHOLDER = re.compile(r"%\((\w+)\)|\{(\w*)\}")


@pytest.fixture(scope="module")
def wanted():
    catalogue = Catalog()
    sources = (
        (ROOT / "matchmaker", [("**.py", "python")]),
        (ROOT / "templates", [("**.html", "jinja2"), ("**.txt", "jinja2")]),
    )
    options = {"**.html": {"trimmed": "true"}, "**.txt": {"trimmed": "true"}}
    for folder, methods in sources:
        for _file, _line, words, _comments, context in extract_from_dir(folder, methods, options, keywords=KEYWORDS):
            catalogue.add(words, context=context)
    return [message for message in catalogue if message.id]


def catalogue(locale):
    with (ROOT / "matchmaker/translations" / locale / "LC_MESSAGES/messages.po").open("rb") as file:
        return read_po(file, locale=locale)


def forms(words):
    return words if isinstance(words, (tuple, list)) else (words,)


@pytest.mark.parametrize("locale", LOCALES)
def test_nothing_is_untranslated(locale, wanted):
    words = catalogue(locale)
    missing = [
        message.id
        for message in wanted
        if (found := words.get(forms(message.id)[0], message.context)) is None or not all(forms(found.string))
    ]

    assert missing == []


@pytest.mark.parametrize("locale", LOCALES)
def test_nothing_is_translated_that_nobody_says(locale, wanted):
    said = {(forms(message.id)[0], message.context) for message in wanted}

    assert [m.id for m in catalogue(locale) if m.id and (forms(m.id)[0], m.context) not in said] == []


@pytest.mark.parametrize("locale", LOCALES)
def test_placeholders_agree(locale):
    """A plural form may leave out the number that it says in words; it may never add a name."""
    wrong = []
    for message in catalogue(locale):
        known = {name for text in forms(message.id) for name in PLACEHOLDER.findall(text)}
        for text in forms(message.string):
            used = set(PLACEHOLDER.findall(text))
            if not used <= known or (used != known and not message.pluralizable):
                wrong.append((message.id, text))

    assert wrong == []


def test_arabic_has_six_plurals_and_french_two():
    counts = {
        locale: {len(message.string) for message in catalogue(locale) if message.id and message.pluralizable}
        for locale in LOCALES
    }

    assert counts == {"ar": {6}, "fr": {2}}


def test_french_is_set_as_french():
    """No-break spaces before : ; ? ! and inside « », and the typographic apostrophe."""
    wrong = [
        text
        for message in catalogue("fr")
        if message.id
        for text in forms(message.string)
        if re.search(r" [:;?!»]|« |\w'\w|\w[?!](\s|$)", text)
    ]

    assert wrong == []


def test_arabic_uses_latin_digits_and_its_own_marks():
    wrong = [
        text
        for message in catalogue("ar")
        if message.id
        for text in forms(message.string)
        if re.search(r"[٠-٩]|[؀-ۿ]\s*[,;?](\s|$)", text)
    ]

    assert wrong == []


ATTRIBUTES = re.compile(
    r"""\b(title|aria-label|alt|placeholder|content)=(["'])(?P<text>[^"'{}]*[A-Za-zÀ-ÿ]{2}[^"'{}]*)\2"""
)
ADMITTED_CONTENT = re.compile(r"^(width=|light dark|noindex|no-referrer)")


def bare_words(environment, source):
    """Return the words of a template that stand outside every gettext call; a block of class names holds none."""
    source = re.sub(r"\{% block sheet %\}.*?\{% endblock %\}", "", source)
    text = "".join(
        token if kind == "data" else " "
        for _line, kind, token in environment.lex(re.sub(r"\{#.*?#\}", "", source, flags=re.DOTALL))
    )
    found = [match["text"] for match in ATTRIBUTES.finditer(text) if not ADMITTED_CONTENT.match(match["text"])]
    inside = re.sub(r"<(script|style|svg)\b.*?</\1>|<[^>]*>|&\w+;", " ", text, flags=re.DOTALL)
    return found + re.findall(r"[^\W\d_]{2,}", inside)


ADMITTED_WORDS = {"DOCTYPE", "html", "Matchmaker"}


def test_no_template_has_words_outside_the_catalogues(app):
    wrong = {}
    for file in sorted((ROOT / "templates").rglob("*.html")):
        if "dev" not in file.parts and (
            words := set(bare_words(app.jinja_env, file.read_text("utf-8"))) - ADMITTED_WORDS
        ):
            wrong[str(file.relative_to(ROOT))] = sorted(words)

    assert wrong == {}


def test_words_outside_the_catalogues_are_noticed(app):
    assert bare_words(app.jinja_env, '<p title="Hello">{{ _("known") }} stray</p>') == ["Hello", "stray"]


def flashed_literals(tree):
    """Yield strings that code would show to people as they stand."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) in {
            "flash",
            "InvalidValue",
        }:
            yield from (part.value for part in node.args if isinstance(part, ast.Constant) and " " in str(part.value))


def test_no_code_shows_words_outside_the_catalogues():
    wrong = [
        (str(file.relative_to(ROOT)), words)
        for file in (ROOT / "matchmaker").rglob("*.py")
        for words in flashed_literals(ast.parse(file.read_text("utf-8")))
    ]

    assert wrong == []


def test_the_application_finds_its_catalogues(app):
    compile_catalogues(ROOT / "matchmaker" / "translations")

    assert {str(locale) for locale in app.extensions["babel"].instance.list_translations()} == {"ar", "fr", "en"}
