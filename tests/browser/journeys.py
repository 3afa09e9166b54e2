"""Eight participants on their way, in a real browser on a small phone."""

from __future__ import annotations

import re

from matchmaker import clock
from matchmaker.domain.states import Channel, Locale, WishLevel
from matchmaker.extensions import db
from matchmaker.mail.letters import letter
from matchmaker.models import Account, Event, HandOver, Mail, Participation, Unavailability, Wish
from matchmaker.paper.agenda import agenda_pdf
from matchmaker.queries.loaded import belongings
from matchmaker.services import delegations, people, registration, wishes
from matchmaker.unit_of_work import unit_of_work
from tests.browser import chromium, furniture
from tests.browser.house import House
from tests.browser.traveller import Journey, Traveller

ASKERS, ANSWERED = 31, (6, 7, 8)
"""How many ask for the institution; which of them, far down in the directory, ask for the company too."""
MOST_TAPS = 28
"""From the mail to the last answer: a tap a tick, a button or a link."""
UNTRANSLATED = frozenset(
    {"Fran", "ais", "English", "WhatsApp", "CNDP", "PDF", "JSON", "vCard", "Excel", "https", "www", "example", "org"}
)
"""Names of things and of languages; addresses."""
LATIN = re.compile(r"[A-Za-z]{3,}")
OURS = """() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const names = 'bdi, script, noscript, style, [lang]:not(html), .num, .hidden-words';
  const found = [];
  while (walker.nextNode()) {
    const text = walker.currentNode;
    if (!text.parentElement.closest(names)) found.push(text.data.trim());
  }
  return found.filter(Boolean);
}"""
"""The words of a page that are ours: not names, which stand isolated, nor the names of languages."""


# ── what stands ready ───────────────────────────────────────────────────────


def furnish(lived: House) -> None:
    """Furnish the house of the browser tests, and let more people come to its open event."""
    furniture.furnish(lived)
    now = clock.now()
    event = db.session.scalars(db.select(Event).where(Event.slug == furniture.OPEN)).one()
    with unit_of_work() as session:
        session.get_one(Event, event.id).agendas_on = event.days[0].day
    invited = _come(lived, "invited", "Chaudronnerie Atlas", "مراجل الأطلس", consents=frozenset())
    ministry = _come(lived, "ministry", "Direction régionale de l’industrie", "المديرية الجهوية للصناعة")
    assistant = _come(lived, "assistant", "Port de Mazagan", "ميناء مازاغان")
    _come(lived, "arabic", "Tissages du Souss", "نسيج سوس")
    for number in range(ASKERS):
        asking = _come(lived, f"asker-{number}", f"Atelier {number + 1}", f"ورشة {number + 1}")
        wishes.give(asking, ministry, WishLevel.LIKE, actor_id=None, now=now)
        if number in ANSWERED:
            wishes.give(asking, invited, WishLevel.LIKE, actor_id=None, now=now)
    names = {"fr": "Délégation du port", "ar": "وفد الميناء"}
    port = delegations.add_delegation(event.id, "port", names, actor_id=None, now=now)
    for id_ in (assistant, ministry):
        people.join_delegation(event.id, id_, port, actor_id=None, now=now)
    delegations.set_head(event.id, port, _participation(lived, "assistant").id, actor_id=None, now=now)
    lived.places["welcome"] = _welcome_of(lived, "invited")


def _come(lived, who, latin, arabic, consents=frozenset({"scheduling", "directory"})):
    """Register somebody of a new organisation at the open event; return its id."""
    event_id = db.session.scalars(db.select(Event.id).where(Event.slug == furniture.OPEN)).one()
    form = registration.Registration(
        names={"fr": f"Samira {who.title()}", "ar": "سميرة"},
        organisation_names={"fr": latin, "ar": arabic},
        email=f"{who}@example.org",
        phone="+212 600 000009",
        job={"fr": "Directrice", "ar": "مديرة"},
        languages=("ar", "fr"),
        locale=Locale.ARABIC if who == "arabic" else Locale.FRENCH,
        city="El Jadida",
        consents=consents,
        channel=Channel.MAIL,
    )
    organisation_id, account_id = belongings(registration.register(event_id, form, now=clock.now()))
    lived.accounts[who] = (account_id, event_id)
    return organisation_id


def _participation(lived, who):
    account_id = lived.accounts[who][0]
    return db.session.scalars(db.select(Participation).where(Participation.account_id == account_id)).one()


def _welcome_of(lived, who):
    """Return the link of the first mail, read out of the mail itself."""
    first = db.select(Mail).where(Mail.account_id == lived.accounts[who][0], Mail.kind == "welcome")
    text = letter(db.session.scalars(first).one(), agenda_pdf, now=clock.now()).text
    return re.search(r"http://\S+/sign-in/\S+", text)[0]


# ── the journeys ────────────────────────────────────────────────────────────


def company(one: Traveller, lived: House) -> None:
    """A company that was invited and asks: from the mail to the last answer, in three minutes."""
    one.open(lived.places["welcome"])
    one.tap(one.page.locator("main form button"))
    one.look("start", "fr")
    one.tap(one.page.locator(".steps .button--main"))
    one.tap(one.page.locator("#consent_scheduling"))
    one.tap(one.page.locator("main form .button--main"))
    for kind in ("offers", "needs"):
        group = one.page.locator(f"details:has([name={kind}])").first
        one.tap(group.locator("summary"))
        for number in (0, 1):
            one.tap(group.locator(f"[name={kind}]").nth(number))
    one.tap(one.page.locator("main form .button--main"))
    one.look("times", "fr")
    one.tap(one.page.locator("main form .button--main"))
    one.look("wishes", "fr")
    for number in range(5):
        entry = one.page.locator("li.entry").nth(number)
        one.tap(entry.locator(".is-like input"))
        entry.locator(".is-like input:checked").wait_for()
    one.page.wait_for_load_state("networkidle")
    one.link("Continuer")
    one.look("requests", "fr")
    for answer in ("yes", "yes", "no"):
        row = one.page.locator("li.entry:has([value=yes])").first
        name = row.get_attribute("id")
        one.tap(row.locator(f"[value={answer}]"))
        one.page.locator(f"#{name} .status").wait_for()
    one.link("Continuer")
    one.look("done", "fr")
    assert (
        one.page.get_by_role("link", name="Envoyer son lien à mon WhatsApp")
        .get_attribute("href")
        .startswith("https://wa.me/")
    )
    one.taps += 1  # that one leads out of the house

    levels = _wishes(lived, "invited")
    assert sorted(levels) == ["like"] * 5 + ["veto"] + ["yes"] * 2, levels
    assert one.taps <= MOST_TAPS, one.taps


def institution(one: Traveller, lived: House) -> None:
    """An institution that is asked by 31: it sees how many slots it has, and answers."""
    _enter(one, lived, "ministry", "/requests")
    one.look("asked", "fr")
    assert one.page.locator("li.entry:has([value=yes])").count() == ASKERS
    assert re.search(r"31.*créneaux", one.page.locator("main").inner_text())
    for answer in ("yes", "no", "yes"):
        row = one.page.locator("li.entry:has([value=yes])").first
        name = row.get_attribute("id")
        one.tap(row.locator(f"[value={answer}]"))
        one.page.locator(f"#{name} .status").wait_for()
    one.look("answered", "fr")

    assert sorted(_wishes(lived, "ministry")) == ["veto", "yes", "yes"]


def cooperative(one: Traveller, lived: House) -> None:
    """A cooperative's only seller, alone at her stand, reads Arabic: where she stands and who comes.

    Whose meeting has begun says with one tap by their link that it took place, and takes it back with another.
    """
    one.open(lived.places["agenda_at_a_stand"])
    one.look("stand", "ar")
    assert one.page.locator("html[lang=ar][dir=rtl] .timetable li").count() > 0
    one.open(lived.places["met_agenda"])
    answer = one.page.locator(f"form[action$='/{lived.places['met_code']}'] [name=took_place]").first
    assert answer.get_attribute("aria-pressed") == "true"
    for said in ("false", "true"):
        one.tap(answer)
        assert answer.get_attribute("aria-pressed") == said


def head(one: Traveller, lived: House) -> None:
    """The head of a delegation sees how its people stand, and answers for one of them."""
    _enter(one, lived, "assistant", "/")
    one.link("Délégation")
    one.look("delegation", "fr")
    links = one.page.get_by_role("link", name=re.compile("Demandes.*Direction régionale"))
    one.tap(links.first)
    one.look("for another", "fr")
    row = one.page.locator("li.entry:has([value=yes])").first
    name = row.get_attribute("id")
    one.tap(row.locator("[value=yes]"))
    one.page.locator(f"#{name} .status").wait_for()

    with lived.app.app_context():
        made_by = db.select(Wish.made_by_id).where(
            Wish.organisation_id == _participation(lived, "ministry").organisation_id
        )
        assert lived.accounts["assistant"][0] in db.session.scalars(made_by).all()


def hands_over(one: Traveller, lived: House) -> None:
    """A representative cannot come to one meeting and hands it to a colleague, on the spot."""
    _enter(one, lived, "reader", "/agenda")
    one.look("agenda", "fr")
    one.tap(one.page.locator(f"a[href$='/meetings/{lived.places['coming']}/change']"))
    one.look("change", "fr")
    choice = one.page.locator("form:has([name=choice][value=hand])")
    choice.locator("select").select_option(index=1)
    one.taps += 2
    one.tap(choice.locator("[type=submit]"))
    one.look("done", "fr")

    with lived.app.app_context():
        assert db.session.query(HandOver).count() == 1


def assistant(one: Traveller, lived: House) -> None:
    """An assistant registers the director, who has no address, and marks his times for him."""
    _enter(one, lived, "assistant", "/")
    one.link("Ajouter un collègue")
    one.look("colleague", "fr")
    one.page.fill("#names-latin", "Idriss Ouazzani")
    one.page.fill("#job", "Directeur")
    one.page.fill("#phone", "+212 600 000010")
    one.tap(one.page.locator("input[name=channel][value=phone]"))
    one.tap(one.page.locator("#consent_scheduling"))
    one.tap(one.page.locator("main form .button--main"))
    one.tap(one.page.get_by_role("link", name=re.compile("Disponibilités.*Idriss")))
    one.look("times of another", "fr")
    one.tap(one.page.locator("button[name=half]").first)
    one.page.wait_for_load_state("networkidle")
    one.tap(one.page.locator("main form .quota-bar button"))

    with lived.app.app_context():
        away = db.select(Unavailability).join(Participation, Participation.id == Unavailability.participation_id)
        director = db.select(Account.id).where(Account.phone == "+212 600 000010").scalar_subquery()
        assert len(db.session.scalars(away.where(Participation.account_id == director)).all()) > 0


def without_network(one: Traveller, lived: House) -> None:
    """A hall without network: the agenda that was opened in the morning is still there, and says since when."""
    path = lived.places["agenda_at_a_stand"]
    one.open(path)
    chromium.until(one.page, chromium.KEPT, path)
    chromium.until(one.page, chromium.KEPT, "/static/css/personal.css")
    one.page.context.set_offline(True)
    one.page.reload()
    assert one.page.locator(".kept").is_visible()
    if one.draws:
        one.keep("offline", "ar", one.page.screenshot())
    one.page.context.set_offline(False)


def arabic_only(one: Traveller, lived: House) -> None:
    """Somebody who reads Arabic only: no word of ours on any page is in Latin letters, save a few names of things."""
    one.page.set_extra_http_headers({"Accept-Language": "ar"})
    _enter(one, lived, "arabic", "/")
    for page in ("", "profile", "organisation", "times", "wishes", "requests", "agenda", "data"):
        one.open(f"/e/{furniture.OPEN}/{page}")
        strange = [words for words in one.page.evaluate(OURS) if set(LATIN.findall(words)) - UNTRANSLATED]
        assert strange == [], (page, strange)
        if one.draws and page in {"", "profile", "times", "wishes"}:
            one.keep(page or "start", "ar", one.page.screenshot())


JOURNEYS: dict[str, Journey] = {
    "company": company,
    "institution": institution,
    "cooperative": cooperative,
    "head": head,
    "hands-over": hands_over,
    "assistant": assistant,
    "without-network": without_network,
    "arabic-only": arabic_only,
}


def _enter(one: Traveller, lived: House, who: str, page: str) -> None:
    """Come in by a fresh link, and go to a page of the event."""
    one.open(lived.way_in(who))
    one.tap(one.page.locator("main form button"))
    slug = furniture.LIVED if who == "reader" else furniture.OPEN
    one.open(f"/e/{slug}{page}")


def _wishes(lived: House, who: str) -> list[str]:
    with lived.app.app_context():
        party = _participation(lived, who).organisation_id
        return [str(level) for level in db.session.scalars(db.select(Wish.level).where(Wish.organisation_id == party))]
