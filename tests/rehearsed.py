"""What a rehearsal told, for tests that need figures and not the minute in which they come to be."""

from __future__ import annotations

import json
from typing import Any

FACTS: dict[str, Any] = {
    "plan": {"seed": 7, "preset": "fairness", "seconds": 15, "no_shows": 25, "late": 10, "place": "", "closing": None},
    "invented": True,
    "run": {"value": 21640.0, "bound": 22031.7, "proven": False},
    "size": {"people": 240, "organisations": 180, "wanted": 512},
    "classes": {
        "must+must": [40, 40, 31],
        "must+like": [90, 88, 60],
        "like+like": [120, 110, 80],
        "must alone": [82, 63, 41],
        "like alone": [180, 70, 50],
    },
    "people": {"scheduled": [3, 20, 67, 150], "held": [9, 40, 71, 120]},
    "without": 3,
    "minimums": {"people": 6, "before": 1, "after": 2},
    "meetings": {"planned": 371, "scheduled": 366, "held": 262, "no_shows": 104, "cancelled": 5},
    "feedback": {"answers": 360, "useful": 301},
    "repairs": [
        {
            "kind": "late", "day": "2031-03-18", "came": "nothing", "start": None, "until": "09:30",
        },
        {
            "kind": "closed", "day": "2031-03-18", "came": "published", "ways": 2, "moved": 17, "cancelled": 5,
            "by_mail": 30, "otherwise": 2, "seconds": 3.4, "start": "13:00", "until": "17:30", "place": "place",
        },
    ],
    "mails": {"provisional": 230, "final": 230, "changes": 30},
    "otherwise": 10,
    "tables": [
        {
            "place": "place", "used": 271, "places": 400,
            "peak": {"day": "2031-03-18", "hour": 10, "used": 38, "places": 40},
        },
        {
            "place": None, "used": 100, "places": 300,
            "peak": {"day": "2031-03-18", "hour": 11, "used": 9, "places": 20},
        },
    ],
    "mend": [
        {"kind": "wanted", "organisation": "organisation", "asked": 31, "slots": 14, "more": 9},
        {"kind": "wanted", "organisation": "organisation", "asked": 21, "slots": 14, "more": 0},
        {"kind": "without", "people": 3},
        {"kind": "minimums", "people": 6, "before": 1, "after": 2},
        {"kind": "unmended", "repairs": 1},
        {"kind": "closed", "place": "place", "cancelled": 5},
        {"kind": "emptyhanded", "people": 6},
        {"kind": "full", "place": "place", "day": "2031-03-18", "hour": 10, "used": 38, "places": 40},
        {"kind": "spare", "place": "place", "day": "2031-03-18", "hour": 10, "used": 8, "places": 40},
        {"kind": "table", "place": "place", "more": 4},
        {"kind": "slot", "place": None, "more": 11},
        {"kind": "otherwise", "people": 10},
        {"kind": "silent", "organisations": 2},
    ],
    "seconds": 61.5,
}  # fmt: skip


def with_codes(facts: dict[str, Any], codes: dict[str, str]) -> dict[str, Any]:
    """Return facts in which the organisation and the place are the ones of these codes."""
    text = json.dumps(facts)
    for what in ("organisation", "place"):
        text = text.replace(f'"{what}": "{what}"', f'"{what}": "{codes[what]}"')
    found: dict[str, Any] = json.loads(text)
    return found
