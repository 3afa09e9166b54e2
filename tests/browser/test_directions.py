"""An Arabic agenda of mixed names, times and numbers, as Chromium and the paper really set it, letter by letter.

Latin names stand in it with their points and brackets, Arabic names with Latin and with figures inside: on the page,
in both parts of the mail, in the calendar, on paper and among the contacts, each must be read in its own direction.
"""

import html
import re
import shutil
import subprocess
from collections import defaultdict
from itertools import pairwise

import pytest

pytest.importorskip("playwright.sync_api")

from flask_babel import force_locale
from icalendar import Calendar

from matchmaker import clock
from matchmaker.domain.states import Locale, MeetingState
from matchmaker.extensions import db
from matchmaker.mail.letters import letter
from matchmaker.models import Consent, Event, Participation
from matchmaker.paper.agenda import agenda_pdf
from matchmaker.queries import links
from matchmaker.services.steps.outbox import enqueue
from matchmaker.unit_of_work import unit_of_work
from tests.browser import house
from tests.published import a_day, meeting, publish

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

PDFTOTEXT = shutil.which("pdftotext")
LEFT, RIGHT = "from the left", "from the right"
ARABIC = re.compile("[ء-ي]")
PHONE = "+212 5 22 00 11 22"
ORGANISATIONS = {
    "Argan & Co. (Maroc) S.A.R.L.": (LEFT, ["Argan", "&", "Co.", "(Maroc)", "S.A.R.L."]),
    "شركة النخيل 2000 ش.م.م.": (RIGHT, ["شركة", "النخيل", "2000", "ش.م.م."]),
    "مجموعة ATLAS (الدار البيضاء)": (RIGHT, ["مجموعة", "ATLAS", "(الدار", "البيضاء)"]),
}
PEOPLE = {
    "Jean-Luc O’Neill (Tazi)": (LEFT, ["Jean-Luc", "O’Neill", "(Tazi)"]),
    "فاطمة الزهراء Alaoui": (RIGHT, ["فاطمة", "الزهراء", "Alaoui"]),
    "عبد الرحيم بن 3": (RIGHT, ["عبد", "الرحيم", "بن", "3"]),
}
LINES = {f"{name}، مديرة": (RIGHT, [name, "،", "مديرة"]) for name in PEOPLE}
"""Each with what they do, in one line: the name is read first, from the right, in whatever script it is."""
TIMES = {text: (LEFT, text.split()) for text in ("09:00", "09:20", "10:00", "11:00", "11:20")}
NUMBERS = {PHONE: (LEFT, PHONE.split())}
BOXES = """text => {
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    const all = [...node.data].map((letter, place) => [letter, place]);
    const seen = all.filter(([letter]) => !/[\u2060-\u2069]/.test(letter));
    const from = seen.map(([letter]) => letter).join('').indexOf(text);
    if (from < 0 || !node.parentElement.checkVisibility() || node.parentElement.closest('.hidden-words')) continue;
    found.push([...text].map((letter, place) => {
      const range = document.createRange();
      range.setStart(node, seen[from + place][1]);
      range.setEnd(node, seen[from + place][1] + 1);
      const box = range.getBoundingClientRect();
      return [letter, box.left, box.right, box.top];
    }));
  }
  return found;
}"""
"""Where each letter of a text stands, at each place where the page shows it."""
WITHOUT_DIRECTIONS = """() => {
  for (const part of document.querySelectorAll('bdi')) part.replaceWith(...part.childNodes);
  document.body.normalize();
}"""


@pytest.fixture(scope="module")
def lived(tmp_path_factory):
    with house.opened(tmp_path_factory.mktemp("house"), furnish) as opened:
        yield opened


@pytest.fixture
def page(running):
    opened = running.new_page(viewport={"width": 360, "height": 740})
    yield opened
    opened.close()


def furnish(lived):
    """Let a reader of Arabic meet three; one meeting took place, and its people may be called."""
    day = a_day(3, locale=Locale.ARABIC)
    named = zip(day.others, ORGANISATIONS, PEOPLE, strict=True)
    with unit_of_work() as session:
        for other, organisation, name in named:
            person = session.get_one(Participation, other.id)
            person.organisation.names = {"ar" if ARABIC.match(organisation) else "fr": organisation}
            person.account.names = {"ar": name}
            person.account.phone = PHONE
            for purpose in ("scheduling", "contact"):
                session.add(_agreed(person, purpose))
    version = publish(
        day,
        meeting(0, state=MeetingState.HELD),
        meeting(1, "10:00", "10:20"),
        meeting(2, "11:00", "11:20", languages=["ar"]),
    )
    reader = db.session.get_one(Participation, day.reader.id)
    lived.places["agenda"] = links.agenda_url(reader).removeprefix(lived.address)
    lived.places |= {"reader": str(reader.id), "version": str(version)}


def _agreed(person, purpose):
    return Consent(event_id=person.event_id, participation_id=person.id, purpose=purpose, given_at=clock.now())


def faults(boxes, direction, pieces):
    """Return what is out of order in one setting of a text: pieces among each other, and letters within a word."""
    text, place, found, before = "".join(box[0] for box in boxes), 0, [], None
    for piece in pieces:
        place = text.index(piece, place)
        letters = [box for box in boxes[place : place + len(piece)] if box[2] > box[1]]
        place += len(piece)
        if " " not in piece:
            own = RIGHT if ARABIC.search(piece) else LEFT
            found += [f"{piece}: {a[0]} and {b[0]}" for a, b in pairwise(letters) if not follows(a, b, own)]
        if before and not follows(before, span(letters), direction):
            found.append(f"{text}: {piece} is out of place")
        before = span(letters)
    return found


def span(letters):
    return ["", min(box[1] for box in letters), max(box[2] for box in letters), letters[0][3]]


def follows(one, other, direction):
    """Tell whether the second box is read after the first; half a pixel is what joined letters may overlap."""
    if abs(one[3] - other[3]) > 4:  # the line was broken between them
        return other[3] > one[3]
    return other[1] >= one[2] - 0.5 if direction is LEFT else other[2] <= one[1] + 0.5


def judged(page, *texts):
    """Return the faults of all texts wherever the page shows them; one that is nowhere is a fault as well."""
    found = []
    for text, (direction, pieces) in ((text, way) for group in texts for text, way in group.items()):
        settings = page.evaluate(BOXES, text)
        found += [] if settings else [f"{text}: is not there"]
        found += [fault for boxes in settings for fault in faults(boxes, direction, pieces)]
    return found


def the_letter(lived):
    with lived.app.app_context(), force_locale("ar"):
        with unit_of_work() as session:
            reader = session.get_one(Participation, int(lived.places["reader"]))
            mail = enqueue(
                session,
                event=session.get_one(Event, reader.event_id),
                kind="agenda",
                occasion=clock.now().isoformat(),
                now=clock.now(),
                participation=reader,
                version_id=int(lived.places["version"]),
            )
        return letter(mail, agenda_pdf, now=clock.now())


def attached(lived, ending):
    (found,) = [file.content for file in the_letter(lived).attachments if file.name.endswith(ending)]
    return found


def as_plain(page, text):
    """Show a text as a mail program or a calendar does: each paragraph in the direction of its first letter."""
    page.set_content("<meta charset=utf-8><body><pre style='unicode-bidi: plaintext; white-space: pre-wrap'></pre>")
    page.evaluate("text => { document.querySelector('pre').textContent = text }", text)


def test_page(page, lived):
    page.goto(lived.address + lived.places["agenda"])

    assert page.locator("html").get_attribute("dir") == "rtl"
    assert judged(page, ORGANISATIONS, PEOPLE, LINES, TIMES) == []


def test_contacts(page, lived):
    page.goto(lived.address + lived.places["agenda"] + "/contacts")
    first = dict(list(ORGANISATIONS.items())[:1])

    assert judged(page, first, dict(list(PEOPLE.items())[:1]), NUMBERS) == []


def test_mail(page, lived):
    made = the_letter(lived)

    page.set_content(made.html)
    assert judged(page, ORGANISATIONS, PEOPLE, LINES, TIMES) == []
    as_plain(page, made.text)
    assert judged(page, ORGANISATIONS, PEOPLE, LINES, TIMES) == []


def test_calendar(page, lived):
    lines = [
        str(event[name])
        for event in Calendar.from_ical(attached(lived, ".ics")).events
        for name in ("summary", "location", "description")
    ]

    as_plain(page, "\n".join(lines))

    assert judged(page, ORGANISATIONS, PEOPLE, LINES) == []


def test_paper(lived, tmp_path):
    (tmp_path / "agenda.pdf").write_bytes(attached(lived, ".pdf"))

    lines = lines_on_paper(tmp_path / "agenda.pdf")

    for text, way in {**ORGANISATIONS, **PEOPLE, **TIMES}.items():
        assert any(from_the_left(*way) in line for line in lines), text
    assert any(line.endswith(f"{as_drawn('مديرة')} ، Jean-Luc O’Neill (Tazi)") for line in lines)


def lines_on_paper(file):
    """Return the lines of a PDF as they stand there, from the left to the right, Arabic letters as well."""
    said = subprocess.run([PDFTOTEXT, "-bbox", file, "-"], capture_output=True, text=True, check=True).stdout
    pattern = r'<word xMin="(.*?)" yMin="(.*?)" xMax=".*?" yMax=".*?">(.*?)</word>'
    rows = defaultdict(list)
    for left, top, word in re.findall(pattern, html.unescape(said)):
        rows[round(float(top))].append((float(left), as_drawn(re.sub("[\u2066-\u2069]", "", word))))
    return [" ".join(word for _, word in sorted(row)) for row in rows.values()]


def as_drawn(word):
    """Return an Arabic word with its letters sorted: joined ones are told the other way round than single ones."""
    return "".join(sorted(word)) if ARABIC.search(word) else word


def from_the_left(direction, pieces):
    """Return a text as it stands on paper, from the left to the right."""
    words = [as_drawn(piece) for piece in pieces]
    return " ".join(words if direction is LEFT else reversed(words))


def test_a_page_without_directions_is_noticed(page, lived):
    page.goto(lived.address + lived.places["agenda"])

    page.evaluate(WITHOUT_DIRECTIONS)

    assert any("S.A.R.L." in fault for fault in judged(page, ORGANISATIONS))
