"""An event with the people who run it, and a client in which one of them is signed in."""

from contextlib import contextmanager
from itertools import pairwise

from sqlalchemy import event as sql_event

from matchmaker.domain.states import Role, WishLevel
from matchmaker.extensions import db
from tests import factories

LOCALES = ("ar", "fr", "en")


def sign_in(client, account):
    """Sign the account in, as its cookie would."""
    with client.session_transaction() as session:
        session["_user_id"] = f"{account.id}.{account.session_generation}"
        session["_fresh"] = True
    return client


def member(event, role=Role.ORGANISER, **account):
    """Return a new account with this role in the event."""
    return factories.MembershipFactory(event=event, role=role, account=factories.AccountFactory(**account)).account


def staff(app, event, role=Role.ORGANISER):
    """Return a client signed in as somebody with this role."""
    return sign_in(app.test_client(), member(event, role))


def crowd(event, count):
    """Return ``count`` participants of as many organisations, each of which wants the one before."""
    people = [factories.ParticipationFactory(event=event) for _ in range(count)]
    for before, after in pairwise(people):
        factories.WishFactory(
            organisation=after.organisation, wanted_organisation=before.organisation, level=WishLevel.LIKE
        )
    return people


def form_of(client, address):
    """Return the fields of the page's first form that is not a search, as they stand: what a browser would send."""
    return fields(client.get(address).get_data(as_text=True))


def fields(html):
    import html5lib  # noqa: PLC0415 -- only here

    root = html5lib.parse(html, namespaceHTMLElements=False)
    form = next(form for form in root.iter("form") if form.get("method") == "post")
    found = {}
    for node in form.iter():
        name = node.get("name")
        if not name or name == "csrf_token" or node.tag == "button":
            continue
        if node.get("type") in {"checkbox", "radio"} and node.get("checked") is None:
            continue
        found.setdefault(name, []).append(_value(node))
    return found


def _value(node):
    if node.tag == "select":
        options = list(node.iter("option"))
        chosen = next((option for option in options if option.get("selected") is not None), options[0])
        return chosen.get("value")
    return (
        node.text or "" if node.tag == "textarea" else node.get("value", "on" if node.get("type") == "checkbox" else "")
    )


@contextmanager
def queries():
    """Collect the statements that reach the database inside."""
    seen = []

    def note(_connection, _cursor, statement, *_rest):
        seen.append(statement)

    sql_event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        sql_event.remove(db.engine, "before_cursor_execute", note)
