"""Every page that the browser tests visit: where it is, who opens it, and how it answers."""

from __future__ import annotations

from dataclasses import dataclass

from tests.browser.furniture import LIVED, OPEN

ANYONE, READER, ORGANISER, MET = "anyone", "reader", "organiser", "met"
PEOPLE = (ANYONE, READER, ORGANISER, MET)


@dataclass(frozen=True, slots=True)
class Visit:
    """``path`` may name places of the house; ``press`` is what is pressed before the page is judged."""

    endpoint: str
    who: str
    path: str
    status: int = 200
    press: str = ""

    @property
    def name(self) -> str:
        return f"{self.who} {self.path}{' pressed' if self.press else ''}"


E_OPEN, E_LIVED = f"/e/{OPEN}", f"/e/{LIVED}"
O_OPEN, O_LIVED = f"/o/{OPEN}", f"/o/{LIVED}"
SEND = "main form [type=submit]"

VISITS = (
    Visit("home.index", ANYONE, "/"),
    Visit("home.index", READER, "/"),
    Visit("home.index", ORGANISER, "/"),
    Visit("sign_in.ask", ANYONE, "/sign-in"),
    Visit("sign_in.ask", ANYONE, f"/sign-in?event={OPEN}", 422, SEND),
    Visit("sign_in.asked", ANYONE, "/sign-in/sent"),
    Visit("sign_in.confirm", ANYONE, "{sign_in}"),
    Visit("sign_in.confirm", ANYONE, "/sign-in/0123456789abcdefghjkmnpqrs", 410),
    Visit("staff.sign_in", ANYONE, "/staff/sign-in"),
    Visit("registration.register", ANYONE, f"{E_OPEN}/register"),
    Visit("registration.register", ANYONE, f"{E_OPEN}/register", 422, SEND),
    Visit("registration.register", ANYONE, f"{E_LIVED}/register"),
    Visit("registration.colleague", READER, f"{E_OPEN}/colleagues/new"),
    Visit("events.show", READER, f"{E_OPEN}/"),
    Visit("events.show", READER, f"{E_LIVED}/"),
    Visit("events.show", READER, "/e/nowhere/", 404),
    Visit("profile.edit", READER, f"{E_OPEN}/profile"),
    Visit("profile.organisation", READER, f"{E_OPEN}/organisation"),
    Visit("times.edit", READER, f"{E_OPEN}/times"),
    Visit("times.edit", READER, f"{E_LIVED}/times"),
    Visit("wishes.edit", READER, f"{E_OPEN}/wishes"),
    Visit("wishes.edit", READER, f"{E_LIVED}/wishes"),
    Visit("requests.show", READER, f"{E_OPEN}/requests"),
    Visit("requests.show", READER, f"{E_LIVED}/requests"),
    Visit("agenda.own", READER, f"{E_OPEN}/agenda"),
    Visit("agenda.own", READER, f"{E_LIVED}/agenda"),
    Visit("data.own", READER, f"{E_OPEN}/data"),
    Visit("data.own", READER, f"{E_LIVED}/data"),
    Visit("data.delete", READER, f"{E_LIVED}/data/delete"),
    Visit("agenda.by_link", ANYONE, "{agenda}"),
    Visit("agenda.by_link", ANYONE, "{agenda_at_a_stand}"),
    Visit("agenda.read_only", ANYONE, "{read_only}"),
    Visit("change.own", READER, f"{E_LIVED}/meetings/{{coming}}/change"),
    Visit(
        "change.own",
        READER,
        f"{E_LIVED}/meetings/{{coming}}/change",
        422,
        "main form [name='choice'][value='hand'] ~ div [type=submit]",
    ),
    Visit("change.own", READER, f"{E_LIVED}/meetings/{{refused}}/change"),
    Visit("change.by_link", ANYONE, "{agenda}/meetings/{asked}/change"),
    Visit("change.colleagues", READER, f"{E_LIVED}/agenda/colleagues"),
    Visit("delegation.show", READER, f"{E_LIVED}/delegation"),
    Visit("delegation.times", READER, f"{E_LIVED}/delegation/{{lived_person}}/times"),
    Visit("delegation.wishes", READER, f"{E_LIVED}/delegation/{{lived_person}}/wishes"),
    Visit("delegation.requests", READER, f"{E_LIVED}/delegation/{{lived_person}}/requests"),
    Visit("delegation.change", READER, f"{E_LIVED}/delegation/{{lived_person}}/meetings/{{coming}}"),
    Visit("agenda.own", MET, f"{E_LIVED}/agenda"),
    Visit("agenda.by_link", ANYONE, "{met_agenda}"),
    Visit("feedback.own", MET, f"{E_LIVED}/meetings/{{met_code}}"),
    Visit("feedback.by_link", ANYONE, "{met_agenda}/meetings/{met_code}"),
    Visit("contacts.own", MET, f"{E_LIVED}/contacts"),
    Visit("contacts.own", READER, f"{E_OPEN}/contacts"),
    Visit("contacts.by_link", ANYONE, "{met_agenda}/contacts"),
    Visit("dev_inbox.index", ANYONE, "/dev/inbox"),
    Visit("dev_inbox.show", ANYONE, "/dev/inbox/{changes_mail}"),
    Visit("dev_inbox.show", ANYONE, "/dev/inbox/{first_mail}"),
    Visit("organiser.index", ORGANISER, "/o/"),
    Visit("organiser.create", ORGANISER, "/o/new"),
    Visit("organiser.create", ORGANISER, "/o/new", 422, SEND),
    Visit("organiser.overview", ORGANISER, f"{O_OPEN}/"),
    Visit("organiser.overview", ORGANISER, f"{O_LIVED}/"),
    Visit("people.index", ORGANISER, f"{O_LIVED}/people"),
    Visit("importing.start", ORGANISER, f"{O_OPEN}/people/import"),
    Visit("importing.columns", ORGANISER, f"{O_OPEN}/people/import/{{import}}/columns"),
    Visit("importing.show", ORGANISER, f"{O_OPEN}/people/import/{{import}}"),
    Visit("importing.show", ORGANISER, f"{O_OPEN}/people/import/{{entering}}"),
    Visit("invitations.index", ORGANISER, f"{O_OPEN}/people/invitations"),
    Visit("people.person", ORGANISER, f"{O_LIVED}/people/{{lived_person}}"),
    Visit("data.delete_for", ORGANISER, f"{O_LIVED}/people/{{lived_person}}/delete"),
    Visit("acting.register", ORGANISER, f"{O_OPEN}/people/register"),
    Visit("acting.profile", ORGANISER, f"{O_OPEN}/people/{{open_person}}/profile"),
    Visit("acting.organisation", ORGANISER, f"{O_OPEN}/people/{{open_person}}/organisation"),
    Visit("acting.times", ORGANISER, f"{O_OPEN}/people/{{open_person}}/times"),
    Visit("acting.wishes", ORGANISER, f"{O_OPEN}/people/{{open_person}}/wishes"),
    Visit("acting.requests", ORGANISER, f"{O_OPEN}/people/{{open_person}}/requests"),
    Visit("acting.colleague", ORGANISER, f"{O_OPEN}/people/{{open_person}}/colleagues/new"),
    Visit("acting.change", ORGANISER, f"{O_LIVED}/people/{{lived_person}}/meetings/{{coming}}"),
    Visit("changes.index", ORGANISER, f"{O_LIVED}/changes"),
    Visit("day.index", ORGANISER, f"{O_LIVED}/day"),
    Visit("day.index", ORGANISER, f"{O_LIVED}/day?person={{lived_person}}&link=1"),
    Visit("day.room_clock", ORGANISER, f"{O_LIVED}/day/clock"),
    Visit("standby.index", ORGANISER, f"{O_LIVED}/day/standby"),
    Visit("numbered.index", ORGANISER, f"{O_LIVED}/day/queues"),
    Visit("walk_in.register", ORGANISER, f"{O_LIVED}/day/walk-in"),
    Visit("walk_in.register", ORGANISER, f"{O_LIVED}/day/walk-in", 422, SEND),
    Visit("walk_in.places", ORGANISER, f"{O_LIVED}/day/walk-in/{{lived_person}}"),
    Visit("repair.ask", ORGANISER, f"{O_LIVED}/day/repair"),
    Visit("repair.ask", ORGANISER, f"{O_LIVED}/day/repair", 422, "section:has(#ask-person) [type=submit]"),
    Visit("demand.index", ORGANISER, f"{O_LIVED}/wishes"),
    Visit("forecast.index", ORGANISER, f"{O_OPEN}/demand"),
    Visit("frame.edit", ORGANISER, f"{O_OPEN}/frame"),
    Visit("places.index", ORGANISER, f"{O_OPEN}/places"),
    Visit("places.add", ORGANISER, f"{O_OPEN}/places/new"),
    Visit("places.edit", ORGANISER, f"{O_OPEN}/places/{{open_stand}}"),
    Visit("sessions.index", ORGANISER, f"{O_OPEN}/sessions"),
    Visit("sessions.add", ORGANISER, f"{O_OPEN}/sessions/new"),
    Visit("sessions.edit", ORGANISER, f"{O_OPEN}/sessions/{{open_workshop}}"),
    Visit("sessions.people", ORGANISER, f"{O_OPEN}/sessions/{{open_workshop}}/people"),
    Visit("types.index", ORGANISER, f"{O_OPEN}/types"),
    Visit("types.add", ORGANISER, f"{O_OPEN}/types/new"),
    Visit("types.edit", ORGANISER, f"{O_OPEN}/types/{{open_type}}"),
    Visit("team.index", ORGANISER, f"{O_LIVED}/team"),
    Visit("paper.index", ORGANISER, f"{O_LIVED}/paper"),
    Visit("report.show", ORGANISER, f"{O_LIVED}/report"),
    Visit("messages.index", ORGANISER, f"{O_LIVED}/messages"),
    Visit("log.index", ORGANISER, f"{O_LIVED}/log"),
    Visit("runs.index", ORGANISER, f"{O_LIVED}/runs"),
    Visit("runs.index", ORGANISER, f"{O_OPEN}/runs"),
    Visit("frontier.index", ORGANISER, f"{O_OPEN}/runs/frontier"),
    Visit("runs.show", ORGANISER, f"{O_LIVED}/runs/1"),
    Visit("runs.show", ORGANISER, f"{O_OPEN}/runs/1"),
    Visit("drafts.show", ORGANISER, f"{O_LIVED}/drafts/2"),
    Visit("drafts.show", ORGANISER, f"{O_LIVED}/drafts/2?by=person"),
    Visit("drafts.show", ORGANISER, f"{O_LIVED}/drafts/2?by=unscheduled"),
    Visit("drafts.compare", ORGANISER, f"{O_LIVED}/drafts/compare?draft=1&draft=2"),
    Visit("grid.show", ORGANISER, f"{O_LIVED}/drafts/2/grid"),
    Visit("grid.show", ORGANISER, f"{O_LIVED}/drafts/2/grid", press="main .plan a"),
    Visit("grid.show", ORGANISER, f"{O_LIVED}/drafts/2/grid?by=person", press="main .plan a"),
    Visit("publishing.preview", ORGANISER, f"{O_LIVED}/drafts/1/publish"),
    Visit("publishing.preview", ORGANISER, f"{O_LIVED}/drafts/1/publish?kind=provisional"),
)

NOT_VISITED = {
    "agenda.feed": "a calendar",
    "agenda.file": "a calendar",
    "agenda.pdf": "paper",
    "data.download": "a file of data",
    "contacts.cards_by_link": "cards",
    "contacts.own_cards": "cards",
    "contacts.own_sheet": "a spreadsheet",
    "contacts.sheet_by_link": "a spreadsheet",
    "dev.inks": "a style sheet",
    "dev.specimen": "the specimen sheet: test_look.py judges it",
    "dev_inbox.file": "an attachment",
    "events.onward": "leads elsewhere",
    "dev_inbox.part": "a mail, shown inside dev_inbox.show; tests/mail reads it",
    "home.health": "JSON for monitors",
    "agenda.worker": "a script",
    "importing.export": "a spreadsheet",
    "importing.progress": "a piece of importing.show",
    "inks.sheet": "a style sheet",
    "invitations.sheet": "a spreadsheet",
    "paper.file": "paper",
    "paper.forms": "paper",
    "people.qr": "a drawing",
    "report.pdf": "paper",
    "report.sheet": "a spreadsheet",
    "repair.show": "test_day.py looks for repairs and judges it",
    "publishing.letter": "leads elsewhere; what is pressed there is judged by tests/services/test_rehearsals.py",
    "runs.progress": "a stream of events",
    "static": "files",
}
"""What answers GET and is no page, or is judged elsewhere."""
