"""A sheet is printed in the first layout in which it takes one page, by itself as among others."""

import io

import pytest
from pypdf import PdfReader

from matchmaker.paper import fitting, press

HEAD = {"title": "Mon agenda", "logos": []}
ROW = {"quiet": False, "leader": False, "start": "09:00", "end": "09:20", "gone": False, "was": None, "sign": None}
LIES = "<xmpTPg:NPages>1</xmpTPg:NPages>"


def sheet(meetings, person="Nadia Bentahar"):
    row = ROW | {"title": "Argane du Souss", "under": person, "status": "Confirmé", "loud": False, "facts": ["Table 3"]}
    day = {"number": "12", "weekday": "mardi", "month": "mai 2026", "aside": f"{meetings} rendez-vous"}
    return {
        "language": "fr",
        **dict.fromkeys(("title", "event", "patronage", "place", "person"), person),
        "days": [day | {"rows": [row] * meetings}],
        "not_scheduled": {"title": "Non planifiés", "items": []},
        "stamp": None,
        "code_words": "",
        "code_name": "",
        "notes": "Notes",
        "until": "",
        "qr": None,
        "made": [2026, 5, 12],
    }


def pages_of(file):
    return len(PdfReader(io.BytesIO(file)).pages)


@pytest.mark.parametrize("meetings", [1, 16, 22, 34, 60, 75, 160])
def test_alone_a_sheet_has_the_layout_that_it_has_among_others(meetings):
    one = sheet(meetings)
    alone, _ = fitting.bound([one], HEAD)
    fitted = fitting._fitted([one, sheet(1)], HEAD)[0]

    among, _ = press.printed(fitting.TEMPLATE, fitting._book([fitted], HEAD))

    assert press.pages(alone) == pages_of(alone) == pages_of(among)
    assert len(alone) == len(among)


def test_a_name_does_not_say_how_many_pages_there_are():
    file, _ = fitting.bound([sheet(400, person=LIES)], HEAD | {"title": LIES})

    assert press.pages(file) == pages_of(file) > 1
