"""Whatever a service writes into the log, the log page has words for."""

import ast
from pathlib import Path

from matchmaker.web.verbs import VERBS

SERVICES = Path(__file__).resolve().parents[2] / "matchmaker" / "services"
NOTERS = {"record", "_record", "_note", "_set_withdrawn"}


def written(source):
    """Yield the verbs in a source text: what is given to a noting function, or to the name ``verb``."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and _name(node.func) in NOTERS:
            yield from _texts(keyword.value for keyword in node.keywords if keyword.arg == "verb")
            yield from (text for text in _texts(node.args) if "." in text)
        if isinstance(node, ast.Assign):
            yield from _assigned(node)


def _assigned(node):
    for target in node.targets:
        if isinstance(target, ast.Name) and target.id == "verb":
            yield from _texts(
                [node.value.body, node.value.orelse] if isinstance(node.value, ast.IfExp) else [node.value]
            )
        elif isinstance(target, ast.Tuple) and isinstance(target.elts[0], ast.Name) and target.elts[0].id == "verb":
            yield from _texts(node.value.elts[:1])


def _name(function):
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _texts(nodes):
    return (node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str))


def test_every_verb_has_words():
    verbs = {verb for file in SERVICES.rglob("*.py") for verb in written(file.read_text("utf-8"))}

    assert verbs - set(VERBS) == set()


def test_a_verb_without_words_is_noticed():
    source = 'record(session, verb="flew")\nverb = "sang" if loud else "hummed"\n_note(session, "bird.flew")'

    assert set(written(source)) == {"flew", "sang", "hummed", "bird.flew"}
