"""Tokens of personal links stay out of logs."""

import logging

import pytest

from matchmaker.web.masking import LOGGERS, masked


@pytest.mark.parametrize(
    ("line", "written"),
    [
        ("GET /a/1-abc HTTP/1.1", "GET /a/... HTTP/1.1"),
        ("/a/1-abc/agenda.pdf?lang=fr", "/a/.../agenda.pdf?lang=fr"),
        ('"/f/1-abc.ics"', '"/f/..."'),
        ("/r/1-abc and http://localhost/sign-in/xyz", "/r/... and http://localhost/sign-in/..."),
        ("/sign-in?next=/e/forum/agenda", "/sign-in?next=/e/forum/agenda"),
        ("/e/forum/agenda", "/e/forum/agenda"),
    ],
)
def test_only_the_token_is_masked(line, written):
    assert masked(line) == written


@pytest.mark.parametrize("name", LOGGERS)
def test_servers_write_no_token(app, caplog, name):
    logger = logging.getLogger(name)

    with caplog.at_level(logging.INFO, logger=name):
        logger.addHandler(caplog.handler)
        logger.info('%s - "GET /a/%s" %d', "127.0.0.1", "1-secret", 200)
        logger.info("%(r)s", {"r": "GET /f/1-secret.ics"})
        logger.removeHandler(caplog.handler)

    assert "secret" not in caplog.text
    assert "/a/..." in caplog.text
