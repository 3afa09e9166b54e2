"""What is said of the day at the desk: what went wrong, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from markupsafe import Markup

from matchmaker.domain.happening import Happening, from_facts
from matchmaker.domain.wording import N_
from matchmaker.queries import repairs
from matchmaker.web import isolation
from matchmaker.web.context import isolated, long_day, words

HAPPENED: Mapping[Happening, str] = {
    Happening.LATE: N_("%(who)s: late, comes at %(until)s"),
    Happening.LEFT: N_("%(who)s: has left"),
    Happening.ABSENT: N_("%(who)s: does not come on %(day)s"),
    Happening.CLOSED: N_("%(who)s: closed from %(start)s until %(until)s"),
    Happening.OVERRUN: N_("%(who)s: goes on until %(until)s"),
}


def happened(facts: Mapping[str, Any], event_id: int) -> Markup:
    """Say what went wrong, ready for a page: names and times are isolated."""
    found = from_facts(facts)
    who = _(", ").join(isolated(words(one)) for one in repairs.names(event_id, found)) or "–"
    start, until = (f"{moment:%H:%M}" if moment else "" for moment in (found.start, found.until))
    sentence = _(HAPPENED[found.kind]) % {"who": who, "day": long_day(found.day), "start": start, "until": until}
    return isolation.isolated(sentence)
