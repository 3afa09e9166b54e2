import pytest


def test_sheet_holds_the_ink_by_day_and_by_night(client):
    answer = client.get("/inks/garnet.css")

    assert answer.mimetype == "text/css"
    assert "--accent: #7a1f3d;" in answer.text
    assert "prefers-color-scheme: dark" in answer.text


def test_sheet_of_a_pale_colour_is_darker_than_what_was_given(client):
    assert "#ffdd00" not in client.get("/inks/ffdd00.css").text


@pytest.mark.parametrize("name", ["no-such-ink", "12345", "12345g", "123456;}"])
def test_sheet_of_no_colour_is_not_found(client, name):
    assert client.get(f"/inks/{name}.css").status_code == 404
