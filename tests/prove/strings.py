"""Names made to do harm, through everything that goes out: each stays a name, in headers, calendar, cells and pages."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from email import message_from_bytes
from email.policy import default
from io import BytesIO

import html5lib
from icalendar import Calendar
from openpyxl import load_workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from matchmaker.extensions import db
from matchmaker.mail.letters import letter
from matchmaker.mail.messages import Letter, build_mail
from matchmaker.models import Account, Event, Mail, Organisation
from matchmaker.services.steps.outbox import drafted
from matchmaker.sheets.cells import workbook
from matchmaker.unit_of_work import unit_of_work
from tests.conftest import NOW
from tests.mail.test_messages import HOSTILE
from tests.prove import house
from tests.prove.rows import Measured, Off, Offs, Row, switched
from tests.published import Day, a_day, meeting, publish
from tests.sheets.test_cells import FORMULAS

PIECES = (
    *HOSTILE, *FORMULAS,
    "\r\n", "\r", "\n", "\u2028", "\u2029", "\x0b", "\x0c", "\x85", "\x00", "\x1b[2J", "\u202e", "\u2066", "\ufeff",
    "Bcc: thief@example.org", "Content-Type: text/html", "\n\n.\n", "--===============", "=?utf-8?q?=0d=0a?=",
    "BEGIN:VEVENT", "END:VCALENDAR", "ATTENDEE:mailto:thief@example.org", "\\n", "\\,", ";X=", ":",
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "\"'><a href=//thief.example>", "</style>",
    "]]>", "<!--",
    "{{ 7*7 }}", "{% raw %}", "%(day)s", "{0}", "&lt;", "&#0;", "javascript:alert(1)", "http://thief.example",
    "سلمى", "Salma", "é", "a", " ", "0", "😀", "\ud83d",
)  # fmt: skip
SIGNS = "=+-@\uff1d\uff0b\uff0d\uff20"


def drawn(count: int) -> list[str]:
    """Return so many texts of a few pieces each, the same each time; each has a letter that can be seen."""
    lot = random.Random(11)
    return ["".join([*lot.choices(PIECES, k=lot.randint(1, 4)), "z"])[:400] for _ in range(count)]


def measure(size: int, offs: Offs) -> Measured:
    """Give ``size`` names to an event, an organisation and a person, and read all that goes out as its readers do."""
    texts = drawn(size)
    with house.a_house(), switched(offs):
        day, mail_id = _a_mail()
        plain = _skeleton(_written(day, mail_id, "Salma"))
        faults = [fault for text in texts for fault in _escapes(day, mail_id, text, plain)]
    with switched(offs):
        faults += _formulas(texts)
    said = f"{len(faults)} escapes"
    return Measured(said, f"{size} texts x headers, calendar, cells, pages of mails", faults)


def _a_mail() -> tuple[Day, int]:
    day = a_day(1)
    publish(day, meeting(0))
    with unit_of_work() as session:
        event, reader = (session.get_one(type(row), row.id) for row in (day.event, day.reader))
        row = drafted(event, "agenda", "v1", NOW, participation=reader)
        session.add(row)
        session.flush()
        return day, row.id


def _written(day: Day, mail_id: int, name: str) -> Letter:
    """Name the event and whom the reader meets, and write the letter anew."""
    text = name.encode("utf-8", "replace").decode()  # half a letter comes in by no form, and no database takes it
    with unit_of_work() as session:
        session.get_one(Event, day.event.id).names = {"fr": text}
        session.get_one(Organisation, day.others[0].organisation_id).names = {"fr": text}
        session.get_one(Account, day.others[0].account_id).names = {"fr": text}
    try:
        return letter(db.session.get_one(Mail, mail_id), lambda _agenda, _address: b"", now=NOW)
    finally:
        db.session.rollback()


def _skeleton(made: Letter) -> tuple[object, ...]:
    """Return what a message is made of, beside its words: headers, recipients, elements, properties."""
    message = message_from_bytes(build_mail(made, now=NOW), policy=default)
    recipients = [address.addr_spec for name in ("To", "From") for address in message[name].addresses]
    page = html5lib.parse(message.get_body(("html",)).get_content(), namespaceHTMLElements=False)
    elements = Counter(element.tag for element in page.iter() if isinstance(element.tag, str))
    attributes = Counter(name for element in page.iter() for name in element.attrib)
    file = next(part.get_content() for part in message.iter_attachments() if part.get_filename() == "agenda.ics")
    content = file if isinstance(file, bytes) else file.encode()
    entries = [sorted(part.keys()) for part in Calendar.from_ical(content).walk()]
    return sorted(name.lower() for name in message), recipients, elements, attributes, entries


def _escapes(day: Day, mail_id: int, text: str, plain: object) -> Iterator[str]:
    try:
        found = _skeleton(_written(day, mail_id, text))
    except Exception as error:  # noqa: BLE001 -- whatever it is, this name made it
        yield f"{text!r}: {type(error).__name__}: {error}"
        return
    if found != plain:
        yield f"{text!r}: another header, recipient, element or property"


def _formulas(texts: Sequence[str]) -> Iterator[str]:
    content = workbook("Essai", ["x"], [[text] for text in texts], right_to_left=False)
    for text, (cell,) in zip(texts, load_workbook(BytesIO(content)).active.iter_rows(min_row=2), strict=True):
        value = str(cell.value or "")
        if cell.data_type not in "sn" or value.lstrip()[:1] in tuple(SIGNS):
            yield f"{text!r}: a cell of kind {cell.data_type} that begins with {value[:1]!r}"


def _as_it_is(text: str) -> str:
    return text


def _legal(text: str) -> str:
    """Take out only what the format cannot hold."""
    return ILLEGAL_CHARACTERS_RE.sub("", text.encode("utf-8", "replace").decode())


ROW = Row(
    name="hostile-strings",
    asked="10,000 hostile strings through headers, calendar, cells, templates: 0 escapes",
    full=10_000,
    smoke=60,
    measure=measure,
    controls={
        "a cell is written as it comes": (Off("matchmaker.sheets.cells:defused", _legal),),
        "a header is written as it comes": (Off("matchmaker.mail.messages:_harmless", _as_it_is),),
    },
    minutes=8,
)
