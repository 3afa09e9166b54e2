"""Every template is used, and what it names exists."""

import re
from pathlib import Path

from jinja2 import nodes

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = ROOT / "templates"
BY_PATTERN = re.compile(r"^(mail/[a-z_]+/body\.(txt|html))$")
"""Mail parts are found by the message's kind; their own test walks every kind."""


def names():
    return {str(file.relative_to(TEMPLATES)) for file in TEMPLATES.rglob("*") if file.is_file()}


def named_in_templates(environment):
    found = set()
    for name in sorted(names()):
        if name.endswith((".html", ".txt")):
            tree = environment.parse((TEMPLATES / name).read_text("utf-8"))
            for node in tree.find_all((nodes.Extends, nodes.Include, nodes.Import, nodes.FromImport)):
                found |= {part.value for part in node.find_all(nodes.Const) if isinstance(part.value, str)}
    return found


def named_in_code():
    texts = [file.read_text("utf-8") for file in (ROOT / "matchmaker").rglob("*.py")]
    texts += [file.read_text("utf-8") for file in TEMPLATES.rglob("*.typ")]
    return {name for name in names() if any(f'"{name}"' in text or f'"{Path(name).name}"' in text for text in texts)}


def test_every_template_is_used(app):
    used = named_in_templates(app.jinja_env) | named_in_code()

    assert {name for name in names() - used if not BY_PATTERN.match(name)} == set()


def test_every_template_that_is_named_exists(app):
    assert {name for name in named_in_templates(app.jinja_env) if name.endswith((".html", ".txt"))} - names() == set()


def test_every_template_compiles(app):
    for name in sorted(names()):
        if name.endswith((".html", ".txt")):
            app.jinja_env.get_template(name)
