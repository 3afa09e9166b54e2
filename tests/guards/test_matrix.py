"""Who gets what from every address: a row for each route, a column for each kind of caller.

``o`` is admitted, ``-`` reads the page of what does not exist, ``d`` is led to the participants' door and ``s`` to
that of the staff. A route without a row fails. Absent and forbidden must look the same.
"""

from __future__ import annotations

import pytest

from matchmaker.domain.links import Purpose
from matchmaker.domain.states import Role
from matchmaker.extensions import db
from matchmaker.permissions import Caller
from matchmaker.queries import links
from matchmaker.unit_of_work import unit_of_work
from tests import factories
from tests.estate import a_delegation, a_held_mail, a_logo, an_estate, an_import, knocker, neutral, rules
from tests.web.desks import member

CALLERS = (
    "nobody", "ended session", "participant", "withdrawn", "participant elsewhere",
    "viewer", "desk", "organiser", "owner", "organiser elsewhere", "owner elsewhere",
)  # fmt: skip
EVERYBODY = "o o o o o o o o o o o"
PARTICIPANT = "d d o - - - - - - - -"
SOMEWHERE_STAFF = "s s - - - o o o o o o"
VIEWER = "s s - - - o o o o - -"
DESK = "s s - - - - o o o - -"
ORGANISER = "s s - - - - - o o - -"
OWNER = "s s - - - - - - o - -"
WITH_PASSWORD = "s s - - - - - - o - o"
MATRIX = {
    "acting.attend": DESK,
    "acting.change": DESK,
    "acting.colleague": DESK,
    "acting.give": DESK,
    "acting.move": DESK,
    "acting.organisation": DESK,
    "acting.profile": DESK,
    "acting.register": DESK,
    "acting.reply": DESK,
    "acting.requests": DESK,
    "acting.times": DESK,
    "acting.wishes": DESK,
    "acting.withdraw": DESK,
    "agenda.by_link": EVERYBODY,
    "agenda.feed": EVERYBODY,
    "agenda.file": EVERYBODY,
    "agenda.own": PARTICIPANT,
    "agenda.pdf": EVERYBODY,
    "agenda.read_only": EVERYBODY,
    "agenda.renew": PARTICIPANT,
    "agenda.worker": EVERYBODY,
    "change.by_link": EVERYBODY,
    "change.colleagues": PARTICIPANT,
    "change.own": PARTICIPANT,
    "announcing.index": DESK,
    "announcing.poster": DESK,
    "archives.archive": OWNER,
    "archives.delete_data": OWNER,
    "archives.index": OWNER,
    "archives.restore": OWNER,
    "changes.index": DESK,
    "changes.settle": DESK,
    "contacts.by_link": EVERYBODY,
    "contacts.cards_by_link": EVERYBODY,
    "contacts.own": PARTICIPANT,
    "contacts.own_cards": PARTICIPANT,
    "contacts.own_sheet": PARTICIPANT,
    "contacts.sheet_by_link": EVERYBODY,
    "data.delete": PARTICIPANT,
    "data.delete_for": ORGANISER,
    "data.download": PARTICIPANT,
    "data.own": PARTICIPANT,
    "day.arrival": DESK,
    "day.index": DESK,
    "day.missed": DESK,
    "day.room_clock": DESK,
    "day.swap": DESK,
    "delegations.add": ORGANISER,
    "delegations.change": ORGANISER,
    "delegations.dissolve": ORGANISER,
    "delegations.index": VIEWER,
    "delegations.join": ORGANISER,
    "delegations.leave": ORGANISER,
    "delegations.paste": ORGANISER,
    "delegations.show": VIEWER,
    "delegation.attend": PARTICIPANT,
    "delegation.change": PARTICIPANT,
    "delegation.give": PARTICIPANT,
    "delegation.move": PARTICIPANT,
    "delegation.reply": PARTICIPANT,
    "delegation.requests": PARTICIPANT,
    "delegation.show": PARTICIPANT,
    "delegation.times": PARTICIPANT,
    "delegation.wishes": PARTICIPANT,
    "delegation.withdraw": PARTICIPANT,
    "demand.index": VIEWER,
    "demand.mark": ORGANISER,
    "demand.unmark": ORGANISER,
    "dev.inks": EVERYBODY,
    "dev.specimen": EVERYBODY,
    "dev_inbox.file": EVERYBODY,
    "dev_inbox.index": EVERYBODY,
    "dev_inbox.part": EVERYBODY,
    "dev_inbox.show": EVERYBODY,
    "drafts.compare": VIEWER,
    "drafts.lock": ORGANISER,
    "drafts.show": VIEWER,
    "events.onward": PARTICIPANT,
    "events.show": PARTICIPANT,
    "feedback.by_link": EVERYBODY,
    "feedback.own": PARTICIPANT,
    "forecast.ask": ORGANISER,
    "forecast.index": VIEWER,
    "forecast.remind": ORGANISER,
    "frame.edit": ORGANISER,
    "frontier.ask": ORGANISER,
    "frontier.index": VIEWER,
    "grid.best": ORGANISER,
    "grid.lock": ORGANISER,
    "grid.move": ORGANISER,
    "grid.redo": ORGANISER,
    "grid.repair": ORGANISER,
    "grid.show": VIEWER,
    "grid.take_out": ORGANISER,
    "grid.undo": ORGANISER,
    "home.health": EVERYBODY,
    "home.index": EVERYBODY,
    "importing.choose": ORGANISER,
    "importing.columns": ORGANISER,
    "importing.confirm": ORGANISER,
    "importing.discard": ORGANISER,
    "importing.export": ORGANISER,
    "importing.progress": ORGANISER,
    "importing.show": ORGANISER,
    "importing.start": ORGANISER,
    "inks.sheet": EVERYBODY,
    "invitations.index": DESK,
    "invitations.send": ORGANISER,
    "invitations.sheet": DESK,
    "log.index": ORGANISER,
    "logos.edit": ORGANISER,
    "logos.index": ORGANISER,
    "logos.move": ORGANISER,
    "logos.picture": EVERYBODY,
    "logos.remove": ORGANISER,
    "messages.again": ORGANISER,
    "messages.arrived": ORGANISER,
    "messages.go_on": ORGANISER,
    "messages.index": DESK,
    "messages.stop": ORGANISER,
    "messages.to_whatsapp": DESK,
    "numbered.act": DESK,
    "numbered.index": DESK,
    "numbered.own": PARTICIPANT,
    "organiser.create": WITH_PASSWORD,
    "organiser.index": SOMEWHERE_STAFF,
    "organiser.overview": VIEWER,
    "organiser.phase": ORGANISER,
    "paper.file": DESK,
    "paper.forms": DESK,
    "paper.index": DESK,
    "paper.make": DESK,
    "people.delegation": ORGANISER,
    "people.hosting": ORGANISER,
    "people.index": VIEWER,
    "people.join": ORGANISER,
    "people.limits": ORGANISER,
    "people.person": VIEWER,
    "people.protocol": ORGANISER,
    "people.qr": DESK,
    "people.readmit": ORGANISER,
    "people.renew_link": DESK,
    "people.window": ORGANISER,
    "people.withdraw": ORGANISER,
    "places.add": ORGANISER,
    "places.add_zone": ORGANISER,
    "places.edit": ORGANISER,
    "places.index": VIEWER,
    "places.remove": ORGANISER,
    "places.remove_zone": ORGANISER,
    "places.walk": ORGANISER,
    "profile.edit": PARTICIPANT,
    "profile.organisation": PARTICIPANT,
    "publishing.letter": ORGANISER,
    "publishing.preview": ORGANISER,
    "publishing.publish": ORGANISER,
    "registration.colleague": PARTICIPANT,
    "registration.register": EVERYBODY,
    "rehearsal.ask": ORGANISER,
    "rehearsal.show": VIEWER,
    "reminders.choose": EVERYBODY,
    "reminders.show": EVERYBODY,
    "repair.ask": ORGANISER,
    "repair.look": ORGANISER,
    "repair.publish": ORGANISER,
    "repair.show": ORGANISER,
    "report.pdf": VIEWER,
    "report.sheet": VIEWER,
    "report.show": VIEWER,
    "requests.reply": PARTICIPANT,
    "requests.show": PARTICIPANT,
    "requests.withdraw": PARTICIPANT,
    "runs.cancel": ORGANISER,
    "runs.index": VIEWER,
    "runs.progress": VIEWER,
    "runs.show": VIEWER,
    "runs.start": ORGANISER,
    "runs.stop": ORGANISER,
    "sessions.add": ORGANISER,
    "sessions.edit": ORGANISER,
    "sessions.index": VIEWER,
    "sessions.people": ORGANISER,
    "sessions.remove": ORGANISER,
    "sign_in.ask": EVERYBODY,
    "sign_in.asked": EVERYBODY,
    "sign_in.confirm": EVERYBODY,
    "sign_in.out": EVERYBODY,
    "sign_in.use": EVERYBODY,
    "staff.sign_in": EVERYBODY,
    "standby.by_clock": ORGANISER,
    "standby.index": DESK,
    "standby.take": DESK,
    "static": EVERYBODY,
    "team.dismiss": OWNER,
    "team.index": OWNER,
    "texts.edit": ORGANISER,
    "texts.index": ORGANISER,
    "texts.mail": ORGANISER,
    "texts.ours": ORGANISER,
    "times.attend": PARTICIPANT,
    "times.edit": PARTICIPANT,
    "types.add": ORGANISER,
    "types.edit": ORGANISER,
    "types.index": VIEWER,
    "types.remove": ORGANISER,
    "walk_in.places": DESK,
    "walk_in.register": DESK,
    "walk_in.take": DESK,
    "wishes.edit": PARTICIPANT,
    "wishes.give": PARTICIPANT,
    "wishes.move": PARTICIPANT,
}
WRITING = (
    "archives.archive", "archives.delete_data", "archives.restore",
    "acting.attend", "acting.change", "acting.colleague", "acting.give", "acting.move", "acting.organisation",
    "acting.profile", "acting.register", "acting.reply", "acting.times", "acting.wishes", "acting.withdraw",
    "agenda.renew", "change.by_link", "change.own", "changes.settle", "data.delete", "data.delete_for", "day.arrival",
    "day.missed", "day.swap", "delegation.attend", "delegation.change", "delegation.give", "delegation.move",
    "delegation.reply", "delegation.times", "delegation.wishes", "delegation.withdraw", "delegations.add",
    "delegations.change", "delegations.dissolve", "delegations.join", "delegations.leave", "delegations.paste",
    "demand.mark", "demand.unmark", "drafts.lock", "feedback.by_link", "feedback.own", "forecast.ask",
    "forecast.remind",
    "frame.edit", "frontier.ask", "grid.best", "grid.lock", "grid.move", "grid.redo", "grid.repair", "grid.take_out",
    "grid.undo", "importing.choose", "importing.columns", "importing.confirm", "importing.discard", "importing.start",
    "invitations.send", "logos.edit", "logos.index", "logos.move", "logos.remove", "messages.again",
    "messages.arrived", "messages.go_on", "messages.stop", "numbered.act", "numbered.index", "numbered.own",
    "organiser.create", "organiser.phase", "paper.make", "people.delegation", "people.hosting", "people.join",
    "people.limits", "people.protocol", "people.readmit", "people.renew_link", "people.window", "people.withdraw",
    "places.add", "places.add_zone", "places.edit", "places.remove", "places.remove_zone", "places.walk",
    "profile.edit", "profile.organisation", "publishing.letter", "publishing.publish", "registration.colleague",
    "registration.register", "rehearsal.ask", "reminders.choose", "repair.look", "repair.publish", "requests.reply",
    "requests.withdraw", "runs.cancel", "runs.start", "runs.stop", "sessions.add", "sessions.edit", "sessions.people",
    "sessions.remove", "sign_in.ask", "sign_in.out", "sign_in.use", "staff.sign_in", "standby.by_clock",
    "standby.take", "team.dismiss", "team.index", "texts.edit", "texts.mail", "texts.ours", "times.attend",
    "times.edit", "types.add", "types.edit",
    "types.remove", "walk_in.register", "walk_in.take", "wishes.edit", "wishes.give", "wishes.move",
)  # fmt: skip
"""The routes that take a POST; a new one must be written here as well."""
SPENT = {
    "data.delete_for": ("code", lambda event: factories.ParticipationFactory(event=event).code),
    "delegations.dissolve": ("delegation_id", a_delegation),
    "importing.discard": ("import_id", an_import),
    "logos.remove": ("logo_id", a_logo),
    "messages.again": ("mail_id", a_held_mail),
    "messages.arrived": ("mail_id", a_held_mail),
    "places.remove": ("location_id", lambda event: factories.LocationFactory(event=event).id),
    "places.remove_zone": ("zone_id", lambda event: factories.ZoneFactory(event=event).id),
    "sessions.remove": ("session_id", lambda event: factories.SessionFactory(event=event).id),
    "team.dismiss": ("account_id", lambda event: member(event, Role.VIEWER).id),
    "types.remove": ("type_id", lambda event: factories.ParticipantTypeFactory(event=event).id),
}
"""What an admitted caller takes away, so that the next one needs another."""
LINK_ENDPOINTS = {
    "agenda.by_link": Purpose.AGENDA,
    "agenda.pdf": Purpose.AGENDA,
    "agenda.file": Purpose.AGENDA,
    "agenda.read_only": Purpose.READ_ONLY,
    "agenda.feed": Purpose.FEED,
    "change.by_link": Purpose.AGENDA,
    "contacts.by_link": Purpose.AGENDA,
    "contacts.cards_by_link": Purpose.AGENDA,
    "contacts.sheet_by_link": Purpose.AGENDA,
    "feedback.by_link": Purpose.AGENDA,
    "reminders.choose": Purpose.REMINDERS,
    "reminders.show": Purpose.REMINDERS,
}


def callers(app, estate):
    """Return who knocks, weakest first, each with a way to a client of their own."""
    elsewhere = factories.EventFactory()
    gone = factories.ParticipationFactory(event=estate.event, withdrawn=True).account
    ended = member(estate.event, Role.OWNER)
    accounts = {
        "participant": estate.reader.account,
        "withdrawn": gone,
        "participant elsewhere": factories.ParticipationFactory(event=elsewhere).account,
        "viewer": member(estate.event, Role.VIEWER),
        "desk": member(estate.event, Role.DESK),
        "organiser": member(estate.event, Role.ORGANISER),
        "owner": member(estate.event, Role.OWNER, login=f"owner-{estate.event.id}-{elsewhere.id}"),
        "organiser elsewhere": member(elsewhere, Role.ORGANISER),
        "owner elsewhere": member(elsewhere, Role.OWNER, login=f"owner-{elsewhere.id}"),
    }
    ways = {name: lambda account=account: knocker(app, account) for name, account in accounts.items()}
    ways["nobody"] = lambda: knocker(app)
    ways["ended session"] = lambda: _ended(app, ended)
    return {name: ways[name] for name in CALLERS}


def _ended(app, account):
    """Return the client of an owner who has ended all sessions since."""
    client = knocker(app, account)
    with unit_of_work() as session:
        session.merge(account).session_generation += 1
    return client


def outcome(response):
    """Return the letter of an answer; anything but the four kinds is told as it is."""
    place = response.headers.get("Location", "").split("?")[0]
    if response.status_code == 303 and place == "/sign-in":
        return "d"
    if response.status_code == 303 and place == "/staff/sign-in":
        return "s"
    if response.status_code == 404:
        return "-"
    return "o" if response.status_code in {200, 302, 303, 409, 422} else str(response.status_code)


def methods(rule):
    return sorted(rule.methods & {"GET", "POST"})


def outcomes(app, estate, rule, method):
    found = {}
    for name, way in callers(app, estate).items():
        spent = SPENT.get(rule.endpoint)
        names = {spent[0]: spent[1](estate.event)} if spent else {}
        path, client = estate.path(app, rule, **names), way()
        found[name] = outcome(client.open(path, method=method, data=_body(estate, rule, method)))
    return " ".join(found.values())


def _body(estate, rule, method):
    return estate.body(rule.endpoint) if method == "POST" else None


def test_each_caller_reads_what_the_rows_say(app):
    estate = an_estate()

    found = {rule.endpoint: outcomes(app, estate, rule, "GET") for rule in rules(app, method="GET")}

    assert found == {endpoint: MATRIX[endpoint] for endpoint in found}


@pytest.mark.parametrize("endpoint", WRITING)
def test_each_caller_writes_what_the_row_says(app, endpoint):
    rule = next(rule for rule in app.url_map.iter_rules(endpoint) if "POST" in rule.methods)

    assert outcomes(app, an_estate(), rule, "POST") == MATRIX[endpoint]


def test_every_route_has_a_row(app):
    assert {rule.endpoint for rule in rules(app)} == set(MATRIX)
    assert {rule.endpoint for rule in rules(app, method="POST")} == set(WRITING)


@pytest.mark.parametrize("endpoint", LINK_ENDPOINTS)
def test_a_link_opens_only_what_it_is_for_and_as_long_as_it_holds(app, endpoint):
    estate = an_estate()
    rule = next(app.url_map.iter_rules(endpoint))
    purpose = LINK_ENDPOINTS[endpoint]
    tokens = {each: links.token(estate.reader, each) for each in Purpose}
    withdrawn = links.token(factories.ParticipationFactory(event=estate.event, withdrawn=True), purpose)

    before = {each: _status(app, estate, rule, token) for each, token in tokens.items()}
    with unit_of_work() as session:
        session.merge(estate.reader).link_generation += 1

    assert before == {each: 200 if each is purpose else 404 for each in Purpose}
    assert _status(app, estate, rule, tokens[purpose]) == 404
    assert _status(app, estate, rule, withdrawn) == 404


def _status(app, estate, rule, token):
    return knocker(app).get(estate.path(app, rule, token=token)).status_code


def closed_to_strangers(app):
    """Return the rules about one event that not everybody may use."""
    return [rule for rule in rules(app) if "slug" in rule.arguments and MATRIX[rule.endpoint] != EVERYBODY]


def test_forbidden_looks_like_absent(app):
    """Whoever is signed in cannot tell an event that is closed to them from one that never was."""
    estate = an_estate()
    ways = callers(app, estate)
    told = []
    for rule in closed_to_strangers(app):
        for method in methods(rule):
            for name in ("participant elsewhere", "owner elsewhere"):
                answers = [
                    ways[name]().open(estate.path(app, rule, slug=slug), method=method)
                    for slug in (estate.event.slug, "nowhere")
                ]
                pages = [neutral(answer.get_data(as_text=True), estate.event.slug, "nowhere") for answer in answers]
                heads = [sorted(name for name, _ in answer.headers) for answer in answers]
                if pages[0] != pages[1] or [answer.status_code for answer in answers] != [404, 404]:
                    told.append((method, rule.rule, name))
                elif heads[0] != heads[1]:
                    told.append((method, rule.rule, name, "headers"))

    assert told == []


def test_rows_of_another_event_are_absent_in_ours(app):
    """For each address that names a row: that of another event, under our event, by who may do anything in ours."""
    ours, theirs = an_estate(1), an_estate(7)
    with unit_of_work() as session:
        session.add(
            factories.models.Membership(event_id=ours.event.id, account_id=ours.reader.account_id, role=Role.OWNER)
        )
    found = []
    for rule in rules(app):
        for part in sorted(
            rule.arguments - {"slug", "token", "id_", "name", "filename", "kind", "message", "language"}
        ):
            if "slug" not in rule.arguments or rule.endpoint == "dev_inbox.file":
                continue
            for method in methods(rule):
                client = knocker(app, ours.reader.account)
                path = ours.path(app, rule, **{part: theirs.names[part]})
                body = ours.body(rule.endpoint) if method == "POST" else None
                answer = client.open(path, method=method, data=body)
                if answer.status_code != 404:
                    found.append((method, rule.rule, part, answer.status_code))

    assert found == []


def test_bodies_name_no_rows_of_another_event(app):
    ours, theirs = an_estate(1), an_estate(7)
    client = knocker(app, member(ours.event, Role.OWNER))
    path = f"/o/{ours.event.slug}"

    locked = client.post(f"{path}/drafts/1/lock", data={"lock": theirs.names["meeting_id"]})
    joined = client.post(f"{path}/people/{ours.other.code}/join", data={"organisation_code": theirs.names["wanted"]})
    both = client.get(f"{path}/drafts/compare?draft=1&draft=7")

    db.session.rollback()
    assert (locked.status_code, both.status_code) == (404, 404)
    assert joined.status_code in {303, 404}
    assert not db.session.get(factories.models.DraftMeeting, theirs.names["meeting_id"]).locked
    assert db.session.get(factories.models.Participation, ours.other.id).event_id == ours.event.id


@pytest.mark.parametrize(
    ("endpoint", "given"),
    [
        ("people.index", Caller.SIGNED_IN),
        ("messages.index", Caller.VIEWER),
        ("log.index", Caller.DESK),
        ("team.index", Caller.ORGANISER),
        ("events.show", Caller.SIGNED_IN),
        ("profile.edit", Caller.ANYONE),
    ],
)
def test_a_view_that_admits_too_many_is_noticed(app, monkeypatch, endpoint, given):
    """The control: with a permission that is too weak, the answers differ from the row."""
    rule = next(app.url_map.iter_rules(endpoint))
    monkeypatch.setattr(app.view_functions[endpoint], "open_to", given)

    assert outcomes(app, an_estate(), rule, "GET") != MATRIX[endpoint]
