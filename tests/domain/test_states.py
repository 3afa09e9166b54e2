"""The ways of a mail stand in the table and in the diagram that explains them."""

import re
from pathlib import Path

from matchmaker.domain.states import MAIL, MailState

PAGE = Path(__file__).resolve().parents[2] / "docs" / "mail.md"


def test_the_diagram_shows_each_way_of_a_mail_and_no_other():
    drawn = re.findall(r"^    (\w+) --> (\w+): \w", PAGE.read_text("utf-8"), re.MULTILINE)

    assert sorted(drawn) == sorted((before, after) for before in MailState for after in MAIL[before])
