"""Saying how a meeting went: in the agenda and on its page, signed in and by link, with and without a script."""

from __future__ import annotations

import re

import pytest
import time_machine

from matchmaker.domain.states import Locale, MeetingState, Role, VersionKind
from matchmaker.extensions import db
from matchmaker.models import LogEntry
from matchmaker.permissions import Caller, declared
from matchmaker.queries import links
from matchmaker.queries.feedback import Said, said
from matchmaker.queries.links import Purpose
from tests import factories
from tests.estate import knocker, rules
from tests.published import a_day, meeting, publish, request_of
from tests.unpacked import words_of
from tests.web.desks import member, queries, sign_in
from tests.web.visitors import Visitor

LOCALES = [str(locale) for locale in Locale]
BEFORE, DURING = "2026-03-10T08:59:59+00:00", "2026-03-10T09:10:00+00:00"
SECRET = "Ne pas oublier : prix secret zibeline"


@pytest.fixture(autouse=True)
def clock():
    """The first meeting has begun, the second has not."""
    with time_machine.travel(DURING, tick=False) as traveller:
        yield traveller


@pytest.fixture
def day(app):
    made = a_day(2)
    publish(made, meeting(0), meeting(1, "09:25", "09:45"))
    return made


def code_of(day, other=0):
    return request_of(db.session, day, other).code


def doors(app, day):
    """Return the two ways in: a visitor, and the address before the parts of the agenda."""
    token = links.token(day.reader, Purpose.AGENDA)
    return {
        "signed in": (Visitor(app, day.reader.account), f"/e/{day.event.slug}", "/agenda"),
        "by link": (Visitor(app), f"/a/{token}", ""),
    }


@pytest.fixture(params=["signed in", "by link"])
def door(request, app, day):
    visitor, base, agenda = doors(app, day)[request.param]
    return visitor, f"{base}/meetings/{code_of(day)}", f"{base}{agenda}"


def text_of(answer):
    return answer.get_data(as_text=True)


def forms(page):
    return re.findall(r'<form class="taps.*?</form>', page, re.DOTALL)


def pressed(form):
    return re.findall(r'name="(\w+)" value="(\w*)" aria-pressed="true"', form)


def test_a_tap_without_a_script_leads_back_to_the_row(door, day):
    visitor, path, agenda = door

    answer = visitor.post(path, {"took_place": "yes"})

    code = code_of(day)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{agenda}#m-{code}")
    page = text_of(visitor.get(agenda))
    assert f'<li id="m-{code}"' in page
    (form,) = forms(page)
    assert pressed(form) == [("took_place", "")]
    assert said(day.reader) == {code: Said(took_place=True)}


def test_a_tap_with_a_script_gets_the_row_and_the_focus(door, day):
    visitor, path, _ = door

    piece = text_of(visitor.post(path, {"took_place": "yes"}, headers={"HX-Request": "true"}))

    assert piece.strip().startswith(f'<li id="m-{code_of(day)}"')
    assert piece.strip().endswith("</li>")
    assert piece.count("data-takes-focus") == 1
    assert "Honoré" in piece
    assert 'name="useful" value="yes"' in piece


def test_the_focus_stays_where_an_answer_was_taken_back(door):
    visitor, path, _ = door
    script = {"HX-Request": "true"}

    pieces = [text_of(visitor.post(path, {"took_place": answer}, headers=script)) for answer in ("no", "")]

    focused = [re.findall(r'value="(\w*)" aria-pressed="(\w+)" data-takes-focus', piece) for piece in pieces]
    assert focused == [[("", "true")], [("yes", "false")]]


def test_each_answer_of_the_row_can_be_given_and_taken_back(door, day):
    visitor, path, agenda = door
    seen = []

    for answer in ({"took_place": "yes"}, {"useful": "no"}, {"useful": ""}, {"took_place": "no"}, {"took_place": ""}):
        visitor.post(path, answer)
        seen.append(pressed(forms(text_of(visitor.get(agenda)))[0]))

    assert seen == [
        [("took_place", "")],
        [("took_place", ""), ("useful", "")],
        [("took_place", "")],
        [("took_place", "")],
        [],
    ]


def test_buttons_stand_only_at_meetings_that_have_begun(app, day, clock):
    visitor, agenda = Visitor(app, day.reader.account), f"/e/{day.event.slug}/agenda"
    during = forms(text_of(visitor.get(agenda)))
    clock.move_to(BEFORE)
    before = text_of(visitor.get(agenda))

    assert [code_of(day) in form for form in during] == [True]
    assert forms(before) == []
    assert "htmx" not in before


def test_only_those_signed_in_pay_for_a_script(app, day):
    """A personal link is opened on old phones in a full hall: there a tap is a form like any other."""
    pages = {way: text_of(visitor.get(f"{base}{agenda}")) for way, (visitor, base, agenda) in doors(app, day).items()}

    assert {way: "htmx.min.js" in page for way, page in pages.items()} == {"signed in": True, "by link": False}


def test_nothing_can_be_said_by_the_link_that_only_shows(app, day):
    token = links.token(day.reader, Purpose.READ_ONLY)
    visitor = Visitor(app)

    page = text_of(visitor.get(f"/r/{token}"))
    answers = [visitor.post(f"/{way}/{token}/meetings/{code_of(day)}", {"took_place": "yes"}) for way in "ar"]

    assert (forms(page), [answer.status_code for answer in answers]) == ([], [404, 404])
    assert said(day.reader) == {}


@pytest.mark.parametrize("method", ["get", "post"])
def test_what_is_not_there_to_be_said_is_404(app, day, method):
    publish(
        day, meeting(0, state=MeetingState.CANCELLED), meeting(1, "09:25", "09:45"), number=2, kind=VersionKind.FINAL
    )
    for visitor, base, _ in doors(app, day).values():
        codes = [code_of(day, 0), code_of(day, 1), "nothing"]
        answers = [getattr(visitor, method)(f"{base}/meetings/{code}") for code in codes]

        assert [answer.status_code for answer in answers] == [404, 404, 404]


@pytest.mark.parametrize("locale", LOCALES)
def test_the_page_of_a_meeting_says_whom_one_met_and_keeps_all_answers(door, day, locale):
    visitor, path, agenda = door

    page = text_of(visitor.get(path, query_string={"lang": locale}))
    answer = visitor.fill(path, took_place="yes", useful="no", note=f" {SECRET}\r\nEt plus. ")

    one = day.others[0]
    title = {"ar": "كيف جرى اللقاء؟", "fr": "Comment cela s’est-il passé\u00a0?", "en": "How did it go?"}
    names = one.account.names
    assert f"<h1>{title[locale]}</h1>" in page
    assert names.get(locale, names["fr"]) in page
    assert answer.headers["Location"] == f"{agenda}#m-{code_of(day)}"
    assert said(day.reader) == {code_of(day): Said(took_place=True, useful=False, note=f"{SECRET}\nEt plus.")}
    again = text_of(visitor.get(path))
    assert SECRET in again
    assert re.findall(r'checked[^>]*name="(\w+)"[^>]*value="(\w*)"', again) == [("took_place", "yes"), ("useful", "no")]


def test_what_does_not_come_with_a_tap_is_not_taken_back(door, day):
    visitor, path, _ = door
    visitor.fill(path, took_place="yes", note=SECRET)

    visitor.post(path, {"useful": "yes"})

    assert said(day.reader) == {code_of(day): Said(took_place=True, useful=True, note=SECRET)}


def test_a_note_that_is_too_long_comes_back_as_it_was_written(door, day):
    visitor, path, _ = door
    note = "a" * 2001

    answer = visitor.fill(path, note=note)

    assert (answer.status_code, note in text_of(answer), said(day.reader)) == (422, True, {})


def test_an_answer_that_there_is_not_is_refused(door, day):
    visitor, path, _ = door

    whole = visitor.post(path, {"took_place": "perhaps"})
    piece = visitor.post(path, {"took_place": "perhaps"}, headers={"HX-Request": "true"})

    assert (whole.status_code, piece.status_code, said(day.reader)) == (422, 422, {})
    assert text_of(piece).strip().startswith("<li")


def test_the_token_of_a_form_is_asked_behind_both_doors(app, day, monkeypatch):
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)

    for visitor, base, agenda in doors(app, day).values():
        path = f"{base}/meetings/{code_of(day)}"
        token = re.search(r'name="csrf_token" value="([^"]+)"', text_of(visitor.get(f"{base}{agenda}")))[1]
        answers = [visitor.post(path, {"took_place": "yes"} | extra) for extra in ({}, {"csrf_token": token})]

        assert [answer.status_code for answer in answers] == [400, 303]


@pytest.mark.parametrize("count", [1, 3])
def test_the_agenda_asks_no_more_the_more_has_been_said(app, count):
    day = a_day(count)
    publish(day, *(meeting(number, "08:00", "08:20") for number in range(count)))
    visitor, base, agenda = doors(app, day)["by link"]
    for number in range(count):
        visitor.post(f"{base}/meetings/{code_of(day, number)}", {"took_place": "yes"})

    with queries() as seen:
        page = text_of(visitor.get(f"{base}{agenda}"))

    assert len(forms(page)) == count
    assert len([one for one in seen if one.startswith("SELECT")]) == 15


def test_an_agenda_with_a_dozen_answers_is_light(app):
    day = a_day(12)
    times = [(f"0{i // 2}:{30 * (i % 2):02}", f"0{i // 2}:{30 * (i % 2) + 20:02}") for i in range(12)]
    publish(day, *(meeting(i, *times[i]) for i in range(12)))
    visitor, base, _ = doors(app, day)["by link"]
    for number in range(12):
        visitor.post(f"{base}/meetings/{code_of(day, number)}", {"took_place": "yes"})

    page = visitor.get(base, query_string={"lang": "ar"})

    assert len(forms(text_of(page))) == 12
    assert len(page.data) < 36_000


# ── the note is nobody else's ───────────────────────────────────────────────


def all_that_others_read(app, day, readers):
    """Return every page and file of the event that these may open, as text, by reader and address."""
    found = {}
    names = {"slug": day.event.slug, "code": day.reader.code, "meeting_code": code_of(day), "wanted": "x", "number": 1}
    for who, (account, person) in readers.items():
        client = knocker(app, account)
        token = links.token(person or day.others[0], Purpose.AGENDA)
        for rule in rules(app, method="GET"):
            caller = declared(app.view_functions[rule.endpoint])
            known = names | {"token": token}
            if rule.arguments <= known.keys() and rule.endpoint != "static" and caller is not None:
                if caller is Caller.LINK and person is None:
                    continue
                with app.test_request_context():
                    path = app.url_for(rule.endpoint, **{name: known[name] for name in rule.arguments})
                found[who, path] = words_of(client.get(path).data)
    return found


def test_the_note_is_on_no_page_and_in_no_file_of_anybody_else(app, day):
    visitor, base, _ = doors(app, day)["signed in"]
    colleague = factories.ParticipationFactory(organisation=day.reader.organisation)
    visitor.fill(f"{base}/meetings/{code_of(day)}", took_place="yes", useful="no", note=SECRET)
    readers = {
        "other side": (day.others[0].account, day.others[0]),
        "stranger": (day.others[1].account, day.others[1]),
        "colleague": (colleague.account, colleague),
        **{str(role): (member(day.event, role), None) for role in Role},
    }

    seen = all_that_others_read(app, day, readers)
    own = all_that_others_read(app, day, {"self": (day.reader.account, day.reader)})

    needle = "zibeline"
    assert [where for where, text in seen.items() if needle in text] == []
    assert {path.split("/")[-2] for (_, path), text in own.items() if needle in text} == {"meetings", "data"}
    assert len(seen) > 60
    assert [needle in str(line.detail) + line.subject for line in db.session.scalars(db.select(LogEntry))] == [False]


def test_the_other_side_cannot_tell_whether_it_was_useful(app, day):
    """Their pages are the same, whatever I say of it."""
    visitor, base, _ = doors(app, day)["signed in"]
    path = f"{base}/meetings/{code_of(day)}"
    readers = {"other side": (day.others[0].account, day.others[0])}
    seen = []

    for useful in ("yes", "no"):
        visitor.post(path, {"took_place": "yes", "useful": useful})
        pages = all_that_others_read(app, day, readers)
        seen.append({where: re.sub(r'(csrf[^"]*"[^>]*=)"[^"]*"', r"\1", text) for where, text in pages.items()})

    assert seen[0] == seen[1]


def test_signed_in_elsewhere_it_is_not_there(app, day):
    stranger = factories.ParticipationFactory()
    client = sign_in(app.test_client(), stranger.account)

    answers = [
        client.get(f"/e/{day.event.slug}/meetings/{code_of(day)}"),
        client.post(f"/e/{stranger.organisation.event_id}/meetings/{code_of(day)}"),
    ]

    assert [answer.status_code for answer in answers] == [404, 404]
