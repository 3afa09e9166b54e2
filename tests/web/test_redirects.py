import pytest

from matchmaker.web.redirects import event_meant, safe_next


@pytest.mark.parametrize("wanted", ["/", "/e/forum/wishes", "/e/forum/wishes?words=a%20b&page=2", "/o/"])
def test_safe_next_lets_our_own_pages_through(app, wanted):
    with app.test_request_context("/sign-in", query_string={"next": wanted}):
        assert safe_next() == wanted


@pytest.mark.parametrize(
    "wanted",
    [
        "",
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example/",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        " /e/forum/",
        "javascript:alert(1)",
        "e/forum",
        "/e/forum\r\nSet-Cookie: a=b",
        "/e/été",
        "///evil.example",
    ],
)
def test_safe_next_stops_everything_else(app, wanted):
    with app.test_request_context("/sign-in", query_string={"next": wanted}):
        assert safe_next() is None


@pytest.mark.parametrize(
    ("query", "slug"),
    [
        ({"event": "forum-2026"}, "forum-2026"),
        ({"next": "/e/forum/times?lang=ar"}, "forum"),
        ({"next": "/e/forum"}, "forum"),
        ({"next": "https://evil.example/e/forum/"}, None),
        ({"event": "../o"}, None),
        ({}, None),
    ],
)
def test_event_meant_is_read_from_the_way(app, query, slug):
    with app.test_request_context("/sign-in", query_string=query):
        assert event_meant() == slug
