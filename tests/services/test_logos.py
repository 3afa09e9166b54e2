"""Logos stand in the order of protocol; whatever is sent, only a picture drawn anew is kept."""

import struct
import zlib

import pytest

from matchmaker import capped
from matchmaker.errors import InvalidValue, NotFound
from matchmaker.extensions import db
from matchmaker.models import Event, Logo
from matchmaker.paper import pictures
from matchmaker.queries.logos import for_paper
from matchmaker.services import logos
from tests.drawings import chunk, png
from tests.estate import a_logo
from tests.factories import EventFactory
from tests.web.desks import member

ALT = {"fr": "La Chambre", "ar": "الغرفة"}
HOSTILE = {
    "an SVG that is called PNG": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "no PNG or JPEG"),
    "100 megapixels": (png(1000, 1000, announced=(20_000, 5_000)), "16 million"),
    "a head that announces less than there is": (png(900, 900, announced=(90, 90)), "damaged"),
    "broken off": (png(300, 300)[:-30], "damaged"),
    "broken in the middle": (png(300, 300)[:300] + png()[-12:], "damaged"),
    "a bomb in a profile of colours": (
        png(extra=chunk(b"iCCP", b"a\0\0" + zlib.compress(bytes(300_000_000)))),
        "damaged",
    ),
    "a JPEG that is only a head": (b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(90) + b"\xff\xd9", "damaged"),
    "a JPEG of 65,500 by 65,500": (
        b"\xff\xd8\xff\xc0" + struct.pack(">HBHH", 17, 8, 65_500, 65_500) + bytes(40) + b"\xff\xd9",
        "16 million",
    ),
    "noise": (png(1200, 300, None), "too many details"),
    "a dot": (png(8, 8), "too small"),
    "3 MB": (png() + bytes(3_000_000), "more than 2 MB"),
}  # fmt: skip


def named(event):
    return [logo["alt"]["fr"] for logo in db.session.get(Event, event.id, populate_existing=True).logos]


@pytest.fixture
def event(app):
    return EventFactory()


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_in_a_sentence(app, name):
    content, words = HOSTILE[name]

    with pytest.raises(InvalidValue, match=words):
        pictures.cleaned(content)


def test_what_is_kept_was_drawn_anew_and_is_light(event, now):
    secret = chunk(b"tEXt", b"Author\0Leila") + chunk(b"eXIf", b"MM\0*GPS here")
    logos.add(event.id, png(400, 100, extra=secret), ALT, actor_id=member(event).id, now=now)

    [kept] = db.session.get(Event, event.id, populate_existing=True).logos
    logo = db.session.get_one(Logo, kept["id"])

    assert (kept["alt"], kept["width"], kept["height"]) == (ALT, 256, 64)
    assert [pictures.size(one) for one in (logo.small, logo.large)] == [(256, 64), (960, 240)]
    assert [word in one for one in (logo.small, logo.large) for word in (b"Leila", b"GPS")] == [False] * 4
    assert len(logo.small) <= pictures.LIGHT


def test_a_logo_of_many_details_stands_on_paper_only(event, client, now):
    drawing = png(1200, 300, None, grain=10)

    assert logos.add(event.id, drawing, ALT, actor_id=member(event).id, now=now) is False

    [kept] = db.session.get(Event, event.id, populate_existing=True).logos
    picture = f"/e/{event.slug}/logos/{kept['id']}.png"
    assert (kept["on_pages"], kept["width"], kept["height"]) == (False, 256, 64)
    assert len(for_paper([kept])) == 1
    assert picture not in client.get(f"/e/{event.slug}/register").get_data(as_text=True)
    assert pictures.size(client.get(picture).data) == (480, 120)  # at 960 pixels it would be too heavy for mail


def test_a_child_that_dies_or_takes_too_long_keeps_nothing(app, monkeypatch):
    monkeypatch.setattr(capped, "SECONDS", -4.999)

    with pytest.raises(InvalidValue, match="damaged"):
        pictures.cleaned(png())


def test_logos_are_put_in_order_described_and_taken_away(event, now):
    by = {"actor_id": member(event).id, "now": now}
    first, second, third = (a_logo(event) for _ in range(3))
    for number, name in ((first, "un"), (second, "deux"), (third, "trois")):
        logos.reword(event.id, number, {"fr": name}, **by)

    logos.move(event.id, third, -1, **by)
    assert named(event) == ["un", "trois", "deux"]
    logos.move(event.id, first, -1, **by)
    logos.move(event.id, first, 9, **by)
    assert named(event) == ["trois", "deux", "un"]
    logos.remove(event.id, second, **by)
    assert named(event) == ["trois", "un"]
    assert db.session.get(Logo, second) is None
    with pytest.raises(NotFound):
        logos.remove(EventFactory().id, first, **by)


def test_there_are_no_more_than_six_and_none_without_words(event, now):
    by = {"actor_id": member(event).id, "now": now}
    with pytest.raises(InvalidValue, match="in words"):
        logos.add(event.id, png(), {"fr": " "}, **by)
    for _ in range(logos.MOST):
        a_logo(event)

    with pytest.raises(InvalidValue, match="six logos"):
        logos.add(event.id, png(), ALT, **by)
