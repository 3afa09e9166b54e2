"""An event is made known on one page, and in the same words by mail and message, in all its languages."""

from datetime import date, datetime
from io import BytesIO

import pytest
from flask_babel import force_locale
from pypdf import PdfReader

from matchmaker.domain.states import Phase
from matchmaker.extensions import db
from matchmaker.models import Event
from matchmaker.paper.poster import poster_pdf
from matchmaker.queries import announcing
from matchmaker.queries.announcing import Next, Step
from matchmaker.services import invitations
from matchmaker.unit_of_work import unit_of_work
from tests import factories
from tests.estate import a_logo
from tests.web.desks import member

LONG = {
    "ar": "المنتدى العربي الدولي العاشر للصناعات الصغيرة والمتوسطة والتعاونيات",
    "fr": "10e Forum arabe international des petites et moyennes industries et des coopératives",
    "en": "10th Arab International Forum of Small and Medium Industries and of Cooperatives",
}
PATRONAGE = {"fr": "Sous le Haut Patronage de l’essai", "ar": "تحت الرعاية السامية للتجربة"}


@pytest.mark.parametrize("logos", [0, 6])
def test_the_poster_is_one_page_in_all_languages(app, logos):
    event = factories.EventFactory(names=LONG, patronage=PATRONAGE)
    for _ in range(logos):
        a_logo(event)

    paper = PdfReader(BytesIO(poster_pdf(announcing.announcement(db.session.get_one(Event, event.id)))))

    text = " ".join(paper.pages[0].extract_text().split())
    assert len(paper.pages) == 1
    assert [words in text for words in ("Sous le Haut Patronage", "10 mars 2026", "10 March 2026", "El Jadida")] == [
        True
    ] * 4
    assert f"localhost/e/{event.slug}/register" in text
    assert len(paper.pages[0].images) == min(logos, 1)  # six of one drawing are one in the file


def test_the_texts_hold_the_patronage_word_for_word_and_the_way_to_registration(app):
    event = factories.EventFactory(patronage=PATRONAGE)
    one = announcing.announcement(db.session.get_one(Event, event.id))
    address = f"http://localhost/e/{event.slug}/register"

    assert one.languages == ("fr", "ar", "en")
    for locale, patronage in {**PATRONAGE, "en": PATRONAGE["fr"]}.items():
        with force_locale(locale):
            texts = announcing.texts(one)
        assert (texts.language, texts.subject.count("\n")) == (locale, 0)
        assert [(patronage in text, address in text) for text in (texts.mail, texts.message)] == [(True, True)] * 2


def test_what_is_next_is_truly_next(app, now):
    event = factories.EventFactory(phase=Phase.WISHES)
    staff = member(event).id

    def step(people):
        return announcing.next_step(db.session.get(Event, event.id, populate_existing=True), people, now)

    assert step(0) == Step(Next.BRING)
    for _ in range(2):
        factories.ParticipationFactory(event=event)
    assert step(2) == Step(Next.INVITE, 2)
    invitations.invite(event.id, 2, actor_id=staff, now=now)
    assert step(2) == Step(Next.REMIND, 2, date(2026, 3, 2))  # a Monday: wishes close on Friday
    with unit_of_work() as session:
        session.merge(event).phase = Phase.FINAL
    assert step(2) == Step(Next.PHASE)


@pytest.mark.parametrize(
    ("closes", "today", "day"),
    [
        ("2026-03-20", date(2026, 3, 2), date(2026, 3, 16)),
        ("2026-03-18", date(2026, 3, 2), date(2026, 3, 16)),
        ("2026-03-08", date(2026, 3, 7), date(2026, 3, 7)),
        (None, date(2026, 3, 7), date(2026, 3, 9)),
    ],
)
def test_people_are_reminded_on_a_working_day_in_time(closes, today, day):
    assert announcing.day_to_remind(datetime.fromisoformat(closes) if closes else None, today) == day
