"""Single gates: some things are done in one place only, and this forbids the way round."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

GATES = {
    "commit": (r"\.commit\(", {"matchmaker/unit_of_work.py"}),
    "mail is built": (r"\bEmailMessage\(", {"matchmaker/mail/messages.py"}),
    "mail is sent": (r"\bsmtplib\b", {"matchmaker/mail/smtp.py"}),
    "calendars are built": (
        r"\bfrom icalendar\b|\bimport icalendar\b",
        {"matchmaker/mail/calendar.py", "matchmaker/mail/vcards.py"},
    ),
    "cells are written": (
        r"\b(Workbook|create_sheet|WriteOnlyCell|xlsxwriter|csv\.writer|DictWriter|import writer)\b",
        {"matchmaker/sheets/cells.py"},
    ),
    "the time is asked": (r"\b(datetime\.now|date\.today|utcnow|datetime\.today)\(", {"matchmaker/clock.py"}),
    "zones convert": (r"\bZoneInfo\(|\bastimezone\(", {"matchmaker/domain/zones.py", "matchmaker/models/base.py"}),
    "zones are known": (r"\bzoneinfo\b", {"matchmaker/domain/zones.py"}),
    "OR-Tools": (r"\bortools\b", None),
    "redirects to what was sent": (r"redirect\(request\.", {"matchmaker/web/redirects.py"}),
    "html without escaping": (
        r"\|\s*safe\b|\bMarkup\(",
        {"templates/components/icon.html", "matchmaker/web/isolation.py", "matchmaker/web/translating.py"},
    ),
}


def trespasses(pattern, admitted, root=ROOT):
    found = set()
    for file in [*(root / "matchmaker").rglob("*.py"), *(root / "templates").rglob("*.html")]:
        name = str(file.relative_to(root))
        if re.search(pattern, without_comments(file)) and name not in (admitted or set()):
            found.add(name)
    return found


def without_comments(file):
    text = file.read_text("utf-8")
    if file.suffix != ".py":
        return re.sub(r"\{#.*?#\}", "", text, flags=re.DOTALL)
    return ast.unparse(_bare(ast.parse(text)))


def _bare(tree):
    """Drop docstrings, which may speak of what the code may not do."""
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if (
            isinstance(body, list)
            and body
            and isinstance(body[0], ast.Expr)
            and isinstance(body[0].value, ast.Constant)
        ):
            body[0].value = ast.Constant("")
    return tree


@pytest.mark.parametrize("gate", GATES)
def test_nobody_goes_round_the_gate(gate):
    pattern, admitted = GATES[gate]

    assert trespasses(pattern, admitted) == set()


@pytest.mark.parametrize(
    ("gate", "line"),
    [
        ("commit", "session.commit()"),
        ("mail is built", "EmailMessage()"),
        ("mail is sent", "import smtplib"),
        ("calendars are built", "from icalendar import Calendar"),
        ("cells are written", "from openpyxl import Workbook"),
        ("cells are written", "csv.writer(file)"),
        ("the time is asked", "datetime.now()"),
        ("zones convert", "ZoneInfo('Africa/Casablanca')"),
        ("zones are known", "import zoneinfo"),
        ("OR-Tools", "import ortools"),
        ("redirects to what was sent", "redirect(request.args['next'])"),
        ("html without escaping", "Markup(name)"),
    ],
)
def test_a_way_round_is_noticed(gate, line, tmp_path):
    (tmp_path / "matchmaker").mkdir()
    (tmp_path / "matchmaker" / "breach.py").write_text(f"{line}\n")

    assert trespasses(*GATES[gate], root=tmp_path) == {"matchmaker/breach.py"}
