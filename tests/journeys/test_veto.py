"""Nobody can tell that they were vetoed: the same event twice, with and without, and all that the asker can see.

Asker wants Asked, whose only free meeting goes to a third, whom both sides put first. So the request is not held
either way, and the one thing that differs between the two worlds is the veto.
"""

import re
from datetime import timedelta

import time_machine

from matchmaker.domain.disclosure import visible_reason
from matchmaker.domain.links import Purpose
from matchmaker.domain.states import Phase, VersionKind, WishLevel
from matchmaker.extensions import db
from matchmaker.models import Request, Wish
from matchmaker.permissions import Caller, declared
from matchmaker.queries import links, not_scheduled
from matchmaker.services import events, people, times, wishes
from tests import conftest, factories
from tests.journeys.travelling import attachments, posted, publish, solve
from tests.unpacked import words_of
from tests.web.visitors import Visitor

LOCALES = ("ar", "fr", "en")
OPEN_TO_THE_ASKER = {Caller.ANYONE, Caller.LINK, Caller.SIGNED_IN, Caller.PARTICIPANT}
NOT_OF_THE_EVENT = {"static", "home.health", "sign_in.confirm", "staff.sign_in"}
FIRM = {
    "asker": "Chaudronnerie Atlas",
    "asked": "Autorité du port",
    "rival": "Fonderie Chaouia",
    "friend": "Institut Jisr",
}


class World:
    """The event, with or without the veto; ``seen`` is all that the asker could read, by moment and address."""

    def __init__(self, app, settings, now, *, veto):
        self.app, self.settings, self.now, self.seen = app, settings, now, {}
        self.event = factories.EventFactory(slug="essai", names={"fr": "Essai", "ar": "تجربة", "en": "Trial"})
        factories.LocationFactory(event=self.event, code="salle", names={"fr": "Salle", "ar": "القاعة", "en": "Hall"})
        self.people = {who: self._person(who) for who in FIRM}
        self._settle()
        for who, wanted, level in (
            ("asker", "asked", WishLevel.MUST),
            ("asker", "friend", WishLevel.LIKE),
            ("friend", "asker", WishLevel.LIKE),
            ("asked", "rival", WishLevel.MUST),
            ("rival", "asked", WishLevel.MUST),
            *([("asked", "asker", WishLevel.VETO)] if veto else []),
        ):
            self._wish(who, wanted, level)

    def go(self):
        """Let the event take its course, and look at every stage."""
        self._look("while wishes are open")
        self._choose_again()
        self._solve()
        self._look("before publication")
        publish(self.event.id, 1, kind=VersionKind.PROVISIONAL, now=self.now)
        self._look("provisional")
        self._read_mail("provisional")
        publish(self.event.id, 1, kind=VersionKind.FINAL, expected=1, now=self.now + timedelta(hours=1))
        self._look("final")
        self._read_mail("final")
        return self

    def _person(self, who):
        organisation = factories.OrganisationFactory(event=self.event, code=f"firm-{who}", names={"fr": FIRM[who]})
        account = factories.AccountFactory(names={"fr": f"Salma {who}"}, email=f"{who}@example.org")
        return factories.ParticipationFactory(organisation=organisation, account=account, code=f"person-{who}")

    def _settle(self):
        """Leave Asked one meeting, and the rest one slot each, so that only one schedule is best."""
        limits = people.Limits(max_meetings=1)
        people.set_limits(self.event.id, self.people["asked"].id, limits, revision=1, actor_id=None, now=self.now)
        slots = [slot.id for slot in self.event.slots]
        for who, free in (("rival", 0), ("friend", 1)):
            away = [slot for number, slot in enumerate(slots) if number != free]
            times.replace(self.people[who].id, away, actor_id=self.people[who].account_id, now=self.now)

    def _wish(self, who, wanted, level):
        pair = self.people[who].organisation_id, self.people[wanted].organisation_id
        wishes.give(*pair, level, actor_id=self.people[who].account_id, now=self.now)

    def _solve(self):
        events.set_phase(self.event.id, Phase.SCHEDULING, actor_id=None, now=self.now)
        solve(self.event.id, 3, now=self.now)

    def _choose_again(self):
        """Take the wish back and give it again: what the asker is answered, and what is counted."""
        for level in ("", "must"):
            with time_machine.travel(self.now, tick=False):
                path, data = "/e/essai/wishes/firm-asked", {"wish-firm-asked": level}
                answer = self._asker().post(path, data, headers={"HX-Request": "true"})
            self._keep(f"choosing {level!r}", path, answer)

    def _look(self, moment):
        with time_machine.travel(self.now + timedelta(hours=2), tick=False):
            visitor = self._asker()
            for path in self._pages():
                for locale in LOCALES:
                    self._keep(moment, f"{path} in {locale}", visitor.get(path, query_string={"lang": locale}))

    def _pages(self):
        """Return every page that the asker may open, found by the routes themselves: a new one is in by itself."""
        for rule in self.app.url_map.iter_rules():
            caller = declared(self.app.view_functions[rule.endpoint])
            mine = caller in OPEN_TO_THE_ASKER and "GET" in rule.methods and rule.arguments <= {"slug", "token"}
            if mine and rule.endpoint not in NOT_OF_THE_EVENT and not rule.rule.startswith("/dev/"):
                yield rule.rule.replace("<slug>", "essai").replace("<token>", self._token(rule.endpoint))

    def _token(self, endpoint):
        purposes = {"agenda.feed": Purpose.FEED, "agenda.read_only": Purpose.READ_ONLY}
        return links.token(self.people["asker"], purposes.get(endpoint, Purpose.AGENDA))

    def _read_mail(self, moment):
        for letter in posted(self.now + timedelta(hours=1), self.settings):
            if letter["To"] == "asker@example.org":
                for kind in ("plain", "html"):
                    self.seen[moment, "mail", kind] = self._plain(letter.get_body((kind,)).get_content())
                self.seen[moment, "mail", "subject"] = letter["Subject"]
                for name, content in attachments(letter).items():
                    self.seen[moment, "mail", name] = self._plain(words_of(content))

    def _asker(self):
        return Visitor(self.app, self.people["asker"].account)

    def _keep(self, moment, what, answer):
        text = words_of(answer.get_data())
        self.seen[moment, what] = f"{answer.status_code} {self._plain(text)}"

    def _plain(self, text):
        """Put a word for what is drawn by lot: tokens against forgery, and the codes of requests."""
        text = re.sub(r'(name="csrf_token" value=|csrf-token" content=)"[^"]*"', r'\1"…"', text)
        for row in db.session.scalars(db.select(Request)):
            text = text.replace(row.code, f"request-{row.first_id}-{row.second_id}")
        return text


def two_worlds(app, settings, now):
    """Return what the asker sees without the veto and with it, each in tables of its own with the same ids."""
    silent = World(app, settings, now, veto=False).go().seen
    conftest._empty()
    vetoed = World(app, settings, now, veto=True).go().seen
    assert db.session.query(Wish).filter_by(level=WishLevel.VETO).count() == 1
    return silent, vetoed


def differences(silent, vetoed):
    assert silent.keys() == vetoed.keys()
    return [where for where in silent if silent[where] != vetoed[where]]


def test_nothing_that_the_asker_can_see_depends_on_the_veto(app, settings, now):
    silent, vetoed = two_worlds(app, settings, now)

    assert differences(silent, vetoed) == []
    assert_everything_was_looked_at(vetoed)


def test_a_page_that_tells_the_solver_s_reason_is_noticed(app, settings, now, monkeypatch):
    def leaky(stored, *, both_said_yes):
        return visible_reason(stored, both_said_yes=True)

    monkeypatch.setattr(not_scheduled, "visible_reason", leaky)

    silent, vetoed = two_worlds(app, settings, now)

    assert {moment for moment, *_ in differences(silent, vetoed)} == {"provisional", "final"}


def assert_everything_was_looked_at(seen):
    """See that pages were opened and not refused, and that the request is told of as not held."""
    pages = [f"/e/essai/{page} in fr" for page in ("", "wishes", "times", "profile", "organisation", "agenda")]
    moments = ("while wishes are open", "before publication", "provisional", "final")
    refused = [(moment, page) for moment in moments for page in pages if not seen[moment, page].startswith("200 ")]
    letter = {where[2] for where in seen if where[1] == "mail"}
    assert refused == []
    assert letter == {"plain", "html", "subject", "agenda.pdf", "agenda.ics"}
    for moment in ("provisional", "final"):
        assert [FIRM[who] in seen[moment, "/e/essai/agenda in fr"] for who in ("asked", "friend")] == [True, True]
        assert "programmé" in seen[moment, "/e/essai/agenda in fr"]
