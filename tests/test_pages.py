"""The proof-reader itself: a good page passes, and each fault is found by the rule that is named for it."""

import pytest
from flask import Flask

from tests import pages

GOOD = """<!doctype html>
<html lang="en" dir="ltr"><head><title>Agenda</title><link rel="stylesheet" href="/static/look.css"></head>
<body><main id="main"><h1>Agenda</h1><h2>Wednesday</h2>
<p>At <time>09:20</time>, see <a href="#main">the top</a>.</p>
<form action="/save">
<label for="name">Name</label><input id="name" aria-describedby="hint"><p id="hint">As on a badge</p>
<label><input type="checkbox" name="free"> Free</label><button><svg aria-hidden="true"></svg>Save</button>
<fieldset><legend>Your wish</legend><input type="radio" aria-label="Must"></fieldset></form>
<table><thead><tr><th scope="col">Table</th></tr></thead><tbody><tr><td>7</td></tr></tbody></table>
<img src="/static/logo.svg" alt=""></main></body></html>"""

FAULTY = {
    pages.ids_are_unique: [('id="hint">', 'id="name">')],
    pages.references_lead_somewhere: [
        ('aria-describedby="hint"', 'aria-describedby="gone"'),
        ('for="name"', 'for="gone"'),
    ],
    pages.controls_have_labels: [(' aria-label="Must"', ""), ("Name</label>", "</label>"), ("> Free", ">")],
    pages.links_and_buttons_say_something: [("</svg>Save", "</svg>"), ("the top", ""), ('href="#main"', 'href="#"')],
    pages.groups_have_legends: [("<legend>Your wish</legend>", "")],
    pages.images_have_words: [(' alt=""', ""), (' aria-hidden="true"', "")],
    pages.tables_have_heads: [('<th scope="col">Table</th>', "<td>Table</td>"), (">Table</th>", "></th>")],
    pages.nothing_is_inline: [
        ("<p>At", '<p style="color: red">At'),
        ("<button>", '<button onclick="go()">'),
        ("</main>", "<script>go()</script></main>"),
        ("</head>", "<style>p {}</style></head>"),
        ('href="#main"', 'href="javascript:go()"'),
        ("/static/logo.svg", "data:image/png;base64,AAAA"),
    ],
    pages.nothing_comes_from_outside: [
        ("/static/look.css", "https://example.org/look.css"),
        ("/save", "//example.org/save"),
    ],
    pages.language_and_direction_agree: [('dir="ltr"', 'dir="rtl"'), ('lang="en"', 'lang="de"'), (' lang="en"', "")],
    pages.one_title_one_h1: [
        ("<h2>Wednesday</h2>", "<h1>Wednesday</h1>"),
        ("<h1>Agenda</h1>", "<p>Agenda</p>"),
        ("<title>Agenda</title>", "<title></title>"),
        ("</main>", "</main><main></main>"),
    ],
    pages.headings_do_not_jump: [("<h2>Wednesday</h2>", "<h3>Wednesday</h3>")],
    pages.anchors_exist: [('href="#main"', 'href="#gone"')],
    pages.arabic_times_are_isolated: [('lang="en" dir="ltr"', 'lang="ar" dir="rtl"'), ("<time>09:20</time>", "09:20")],
    pages.french_points_do_not_wander: [('lang="en"', 'lang="fr"'), ("Your wish", "Votre souhait :")],
}
TOGETHER = {pages.arabic_times_are_isolated, pages.french_points_do_not_wander}
"""Rules whose fault needs all of its changes at once; of the others, each change alone is a fault."""


def spoilt(rule) -> list[str]:
    changes = FAULTY[rule]
    if rule in TOGETHER:
        page = GOOD
        for old, new in changes:
            page = page.replace(old, new, 1)
        return [page]
    return [GOOD.replace(old, new, 1) for old, new in changes]


def test_a_good_page_has_no_faults():
    assert pages.faults(GOOD) == []


@pytest.mark.parametrize("rule", [*pages.RULES, *pages.PAGE_RULES], ids=lambda rule: rule.__name__)
def test_a_spoilt_page_is_noticed_by_its_rule(rule):
    for page in spoilt(rule):
        assert page != GOOD
        assert list(rule(parsed(page))), page
        assert pages.faults(page) != []


def parsed(page):
    return pages.html5lib.HTMLParser(namespaceHTMLElements=False).parse(page)


def test_a_tag_that_is_not_closed_is_noticed():
    assert any("line" in fault for fault in pages.faults(GOOD.replace("</form>", "", 1)))


def test_a_piece_needs_no_h1_but_keeps_its_labels():
    assert pages.faults("<p>Saved</p>", whole=False) == []
    assert pages.faults("<p><input name=x></p>", whole=False) == ['<input name="x"> has no label']


def test_words_of_another_language_are_not_judged_by_the_pages_own():
    page = GOOD.replace('lang="en" dir="ltr"', 'lang="ar" dir="rtl"').replace("Wednesday", '<b lang="en">at 10:20</b>')

    assert pages.faults(page) == []


def application(page: str) -> Flask:
    app = Flask(__name__)
    app.test_client_class = pages.PageClient
    app.add_url_rule("/", "page", view_func=lambda: page)
    app.add_url_rule("/plain", "plain", view_func=lambda: ("<p", {"Content-Type": "text/plain"}))
    return app


def test_the_client_passes_a_good_page_and_what_is_no_page():
    client = application(GOOD).test_client()

    assert client.get("/").status_code == 200
    assert client.get("/plain").status_code == 200


def test_the_client_names_the_address_and_every_fault():
    client = application("<p>Hello</p>").test_client()

    with pytest.raises(AssertionError, match=r"(?s)^GET /:.*lang=None.*0 h1"):
        client.get("/")


def test_the_client_reads_a_piece_as_a_piece():
    client = application("<p>Hello</p>").test_client()

    assert client.get("/", headers={"HX-Request": "true"}).status_code == 200
