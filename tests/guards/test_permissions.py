"""Every route says who may use it; one that does not keeps the application from starting."""

import pytest
from flask import Flask

from matchmaker.errors import ConfigurationError
from matchmaker.permissions import Caller, declared
from matchmaker.web import access


def test_every_route_says_who_may_use_it(app):
    assert {name for name, view in app.view_functions.items() if declared(view) is None} == set()


def test_an_undeclared_route_keeps_the_application_from_starting():
    app = Flask("bare")
    app.add_url_rule("/open", "open_door", lambda: "")

    with pytest.raises(ConfigurationError, match="open_door"):
        access.guard(app)


def test_get_never_writes_by_method(app):
    """Addresses that change something take POST alone, or show a form on GET."""
    admitted = {frozenset({"GET", "HEAD", "OPTIONS"}), frozenset({"POST", "OPTIONS"})}
    both = admitted | {frozenset({"GET", "HEAD", "POST", "OPTIONS"})}

    assert {rule.rule for rule in app.url_map.iter_rules() if frozenset(rule.methods) not in both} == set()


def test_staff_addresses_are_for_staff(app):
    staff = {Caller.VIEWER, Caller.DESK, Caller.ORGANISER, Caller.OWNER}
    wrong = {
        rule.rule
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/o/") and declared(app.view_functions[rule.endpoint]) not in staff
    }

    assert wrong == set()
