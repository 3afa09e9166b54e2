"""What each kind of mail says: from a row of the outbox to a letter in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple, Protocol

from flask import render_template
from flask_babel import force_locale, ngettext

from matchmaker.domain import dates, zones
from matchmaker.domain import links as tokens
from matchmaker.domain.agenda import RowKind
from matchmaker.domain.plain import isolated, left_to_right, no_link, one_line
from matchmaker.domain.texts import NOTHING, Values, Words, in_a_header, in_plain_text, paragraphs
from matchmaker.errors import MailOutOfDateError
from matchmaker.extensions import current_settings, db
from matchmaker.mail.calendar import TakenBack, build_calendar, build_invitation, build_withdrawal
from matchmaker.mail.messages import Attachment, Letter
from matchmaker.models import Event, Mail, Participation, SignInLink, Texts, Version
from matchmaker.queries import agenda_rows, agenda_words, links, texts
from matchmaker.queries.agenda import agenda, as_cancelled, event_facts
from matchmaker.queries.agenda_changes import changes, on_the_spot
from matchmaker.queries.agenda_facts import Agenda, Meeting
from matchmaker.queries.demand import silent_organisations
from matchmaker.queries.reminders import are_open
from matchmaker.queries.requests import requests
from matchmaker.queries.sending import UNASKED

Context = dict[str, Any]
Paper = Callable[[Agenda, str], bytes]
MOST_NAMED = 12  # in a mail; the page has them all
TELLABLE = frozenset({"agenda", "changes", "tomorrow", "thanks", "deletion"})
"""Kinds whose words may come another way than by mail: nobody signs in by what they hold, and no calendar reads it."""
ENGAGEMENTS = frozenset({RowKind.MEETING, RowKind.SESSION})


class Reader(NamedTuple):
    """To whom a letter is written; ``organisation`` is asked only where a text names it."""

    names: Texts
    organisation: Callable[[], Texts]


class Written(NamedTuple):
    """What a letter says, as its three parts."""

    subject: str
    text: str
    html: str


class Reading(Protocol):
    """How somebody's agenda is read as it is now."""

    def __call__(self, participation: Participation, *, today: date | None = None) -> Agenda: ...


class Moment(NamedTuple):
    """When a letter is written, and how agendas are read then."""

    now: datetime
    agenda: Reading


def letter(mail: Mail, paper: Paper, *, now: datetime, read: Reading = agenda) -> Letter:
    """Return the letter that a row of the outbox stands for, in its reader's language.

    ``paper`` makes the PDF of an agenda and the address of its QR code, ``read`` gives somebody's agenda as it is now.

    Raises
    ------
    MailOutOfDateError
        If it would help nobody any more.
    """
    with force_locale(str(mail.locale)):
        event, context, said = _said(mail, Moment(now, read), stop=_stop(mail))
        return Letter(
            recipient=mail.recipient,
            message_id=mail.message_id,
            sender=current_settings().mail_sender,
            sender_name=agenda_words.words(event.names),
            subject=said.subject,
            text=said.text,
            html=said.html,
            attachments=_attachments(context, paper),
            unsubscribe=context["stop"],
            invitation=context.get("invitation", b""),
        )


def words(mail: Mail, *, now: datetime) -> str:
    """Return what a mail of a ``TELLABLE`` kind says, in its reader's language, for whoever has to tell it another way.

    Raises
    ------
    MailOutOfDateError
        If it would help nobody any more.
    """
    with force_locale(str(mail.locale)):
        return _said(mail, Moment(now, agenda), stop="", another_way=True)[2].text


def _said(mail: Mail, at: Moment, **more: object) -> tuple[Event, Context, Written]:
    """Return the event of a mail, what its templates are given, ``more`` among it, and what they make of it."""
    event = agenda_rows.event(mail.event_id)
    context = {**more, **CONTEXTS[mail.kind](mail, event, at)}
    return event, context, written(event, mail.kind, _reader(mail), context, texts.own(event.id, mail.kind))


def written(event: Event, kind: str, reader: Reader, context: Context, own: Words) -> Written:
    """Return what a letter says in the language at work; ``own`` are the organisers' words."""
    language = agenda_words.language()
    is_withdrawn = kind == "entry" and not context["meeting"].stands
    said = texts.pattern(
        texts.WITHDRAWN if is_withdrawn else kind,
        NOTHING if is_withdrawn else own,
        language,
        greeting=bool(agenda_words.words(reader.names)),
    )
    values = _values(event, reader, context)
    whole = {
        "event": event,
        "say": agenda_words,
        "calm": no_link,
        "own_way": lambda text: isolated(no_link(one_line(text)), language),
        "ltr": left_to_right,
        "opening": in_plain_text(said.opening, values, language),
        "paragraphs": paragraphs(said.opening, values),
        "another_way": False,
        **context,
    }
    return Written(
        in_a_header(said.subject, values),
        render_template(f"mail/{kind}/body.txt", **whole),
        render_template(f"mail/{kind}/body.html", **whole),
    )


def _values(event: Event, reader: Reader, context: Context) -> Values:
    """Return what stands for each placeholder of ``domain.texts``; a kind asks for those that it has."""
    say = agenda_words
    return {
        "name": lambda: say.words(reader.names),
        "organisation": lambda: say.words(reader.organisation()),
        "event": lambda: say.words(event.names),
        "place": lambda: say.words(event.places),
        "dates": lambda: say.days(event_facts(event)),
        "link": lambda: context["address"],
        "version": lambda: str(context["agenda"].version.number) if context["agenda"].version else "",
        "changes": lambda: say.news(len(context["changes"])),
        "requests": lambda: requests_wait(len(context["lines"])),
        "day": lambda: say.long_day(context["day"]),
        "meeting": lambda: _in_a_line(context["meeting"]),
    }


def requests_wait(count: int) -> str:
    return ngettext("%(num)d organisation asks to meet you", "%(num)d organisations ask to meet you", count)


def _in_a_line(meeting: Meeting) -> str:
    name, day = agenda_words.words(meeting.organisation), agenda_words.day_and_month(meeting.start)
    return agenda_words.joined(name, day, dates.clock(meeting.start))


def _reader(mail: Mail) -> Reader:
    return Reader(mail.account.names if mail.account else {}, lambda: _organisation(mail))


def _organisation(mail: Mail) -> Texts:
    person = db.session.get(Participation, mail.participation_id or 0)
    return person.organisation.names if person else {}


def _stop(mail: Mail) -> str:
    """Return the address that ends messages of this kind, where its reader can do without them."""
    person = db.session.get(Participation, mail.participation_id or 0) if mail.kind in UNASKED else None
    return links.reminders_url(person) if person else ""


def _with_sign_in(mail: Mail, event: Event, at: Moment) -> Context:
    """Add the single-use link, whose token follows from its row and is kept nowhere."""
    link = db.session.get(SignInLink, mail.facts.get("link_id", 0))
    if link is None or link.used_at is not None or link.expires_at <= at.now:
        raise MailOutOfDateError("the sign-in link has expired")
    settings = current_settings()
    token = tokens.sign_in_token(settings.secret_key.encode(), bytes.fromhex(link.nonce))
    origin = links.origin(event)
    return {"address": f"{origin}/sign-in/{token}", "expires": zones.wall(link.expires_at, event.zone)}


def _with_requests(mail: Mail, event: Event, at: Moment) -> Context:
    """Add who waits for an answer now, and the way to the page that takes it."""
    signed_in = _with_sign_in(mail, event, at)
    participation = _person(mail)
    found = requests(event, participation.organisation, now=at.now)
    if not found.to_answer:
        raise MailOutOfDateError("nobody waits for an answer any more")
    return {
        "lines": found.to_answer,
        "most": MOST_NAMED,
        "wall": lambda instant: zones.wall(instant, event.zone),
        "address": f"{signed_in['address']}?next=/e/{event.slug}/requests",
        "expires": signed_in["expires"],
    }


def _with_own_wishes(mail: Mail, event: Event, at: Moment) -> Context:
    """Add the way to the page of wishes, for somebody whose organisation still has none."""
    signed_in = _with_sign_in(mail, event, at)
    if not are_open(event, at.now):
        raise MailOutOfDateError("wishes are closed")
    if _person(mail).organisation_id not in silent_organisations(event.id):
        raise MailOutOfDateError("wishes were given meanwhile")
    return {**signed_in, "address": f"{signed_in['address']}?next=/e/{event.slug}/wishes"}


def _person(mail: Mail) -> Participation:
    participation = db.session.get(Participation, mail.participation_id or 0)
    if participation is None or participation.withdrawn:
        raise MailOutOfDateError("the person takes part no more")
    return participation


def _with_agenda(mail: Mail, event: Event, at: Moment) -> Context:
    participation = _person(mail)
    told = at.agenda(participation, today=zones.wall(at.now, event.zone).date())
    return {
        "agenda": told,
        "days": [(day, [row for row in day.rows if row.kind in ENGAGEMENTS and row.takes_time]) for day in told.days],
        "address": links.agenda_url(participation),
        "participation": participation,
        "by_invitation": "by_invitation" in mail.facts,
    }


def _with_changes(mail: Mail, event: Event, at: Moment) -> Context:
    context = _with_agenda(mail, event, at)
    if "on_the_spot" in mail.facts:
        return {**context, "changes": on_the_spot(context["agenda"], mail.facts["on_the_spot"])}
    version = db.session.get_one(Version, mail.version_id or 0)
    return {**context, "changes": changes(context["participation"], version)}


def _with_tomorrow(mail: Mail, event: Event, at: Moment) -> Context:
    """Add the engagements of one day, on its eve."""
    context = _with_agenda(mail, event, at)
    day = date.fromisoformat(mail.facts["day"])
    days = [(one, rows) for one, rows in context["days"] if one.plan.day == day and rows]
    if not days:
        raise MailOutOfDateError("nothing is arranged on that day any more")
    if zones.wall(at.now, event.zone) >= days[0][1][0].start:
        raise MailOutOfDateError("the day has begun")
    return {**context, "days": days, "day": day}


def _with_thanks(mail: Mail, event: Event, at: Moment) -> Context:  # noqa: ARG001 -- as all contexts
    return {"address": links.agenda_url(_person(mail))}


def _with_deletion(mail: Mail, event: Event, at: Moment) -> Context:  # noqa: ARG001 -- as all contexts
    if event.delete_after is None:
        raise MailOutOfDateError("the data is not deleted on that day")
    return {"address": links.agenda_url(_person(mail)), "day": event.delete_after}


def _with_entry(mail: Mail, event: Event, at: Moment) -> Context:  # noqa: ARG001 -- as all contexts
    """Add one meeting as it stands for its reader; to whoever takes part no more it is withdrawn."""
    participation = db.session.get(Participation, mail.participation_id or 0)
    if participation is None or participation.deleted_at is not None:
        raise MailOutOfDateError("the person takes part no more")
    told = at.agenda(participation)
    meeting = _meeting(told, mail.facts["request"])
    if meeting is None or meeting.sequence != mail.facts["sequence"]:
        raise MailOutOfDateError("the meeting was changed again meanwhile")
    if participation.withdrawn:
        meeting = as_cancelled(meeting, meeting.sequence)
    return {
        "meeting": meeting,
        "address": "" if participation.withdrawn else links.agenda_url(participation),
        "invitation": build_invitation(told, meeting, mail.recipient),
    }


def _with_taken_back(mail: Mail, event: Event, at: Moment) -> Context:  # noqa: ARG001 -- as all contexts
    """Add what a calendar lets go of; whoever reads it now may be a stranger, so that nothing else is said."""
    facts = event_facts(event)
    entries = [
        TakenBack(one["code"], one["sequence"], datetime.fromisoformat(one["begins"])) for one in mail.facts["entries"]
    ]
    if mail.facts["one_by_one"]:
        cancel = build_withdrawal(facts, entries, mail.created_at, attendee=mail.recipient)
        return {"invitation": cancel, "by_file": False}
    return {"file": build_withdrawal(facts, entries, mail.created_at), "by_file": True}


def _meeting(told: Agenda, request_id: int) -> Meeting | None:
    there = {meeting.placed.request_id: meeting for meeting in (*told.meetings, *told.gone)}
    return there.get(request_id)


def _attachments(context: Context, paper: Paper) -> tuple[Attachment, ...]:
    """Return the agenda as paper and as one file; not the latter to whom each meeting comes by itself."""
    if "file" in context:
        return (_calendar_file(context["file"]),)
    told = context.get("agenda")
    if not isinstance(told, Agenda):
        return ()
    printed = Attachment("agenda.pdf", "application/pdf", paper(told, context["address"]))
    if context["by_invitation"]:
        return (printed,)
    return printed, _calendar_file(build_calendar(told))


def _calendar_file(content: bytes) -> Attachment:
    return Attachment("agenda.ics", "text/calendar; method=PUBLISH; charset=utf-8", content)


CONTEXTS: Mapping[str, Callable[[Mail, Event, Moment], Context]] = {
    "welcome": _with_sign_in,
    "invitation": _with_sign_in,
    "sign_in": _with_sign_in,
    "agenda": _with_agenda,
    "changes": _with_changes,
    "entry": _with_entry,
    "waiting": _with_requests,
    "reminder": _with_own_wishes,
    "tomorrow": _with_tomorrow,
    "thanks": _with_thanks,
    "deletion": _with_deletion,
    "taken_back": _with_taken_back,
}
