"""What becomes of every column when a person's data is deleted: the table of fates, which the deletion follows.

Each column of each table stands here once; a test compares this table with the models, and docs/data.md shows it.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    KEPT = "kept"
    DELETED = "deleted with its row"
    ANONYMOUS = "made anonymous"


class When(StrEnum):
    """With whom a column goes: with its person, with the last person of an organisation, with the whole event."""

    PERSON = "with the person"
    LAST = "with the last person of the organisation"
    NAMESAKE = "with the last person of the organisation, if it bears that person’s name"
    EVENT = "on the announced day"


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of a column, and why; ``becomes`` is what stands there once it is anonymous."""

    kind: Kind
    reason: str
    when: When = When.PERSON
    becomes: Any = None


@dataclass(frozen=True, slots=True)
class Table:
    """``words`` say what a row is; each group names columns, with blanks between, that share a fate."""

    words: str
    groups: tuple[tuple[str, Fate], ...]

    @property
    def columns(self) -> dict[str, Fate]:
        return {name: fate for names, fate in self.groups for name in names.split()}

    @property
    def is_deleted(self) -> bool:
        return all(fate.kind is Kind.DELETED for fate in self.columns.values())


PERSON = {"ar": "مشارك سابق", "fr": "Ancien participant", "en": "Former participant"}
ORGANISATION = {"ar": "هيئة سابقة", "fr": "Ancienne organisation", "en": "Former organisation"}
INTERPRETER = {"ar": "ترجمان", "fr": "Interprète", "en": "Interpreter"}


def kept(reason: str) -> Fate:
    return Fate(Kind.KEPT, reason)


def deleted(reason: str) -> Fate:
    return Fate(Kind.DELETED, reason)


def becomes(value: Any, reason: str, when: When = When.PERSON) -> Fate:
    return Fate(Kind.ANONYMOUS, reason, when, value)


def frame(words: str, columns: str) -> Table:
    return Table(words, ((columns, kept("the organisers’ frame of the event, about nobody")),))


def gone(words: str, columns: str, reason: str) -> Table:
    return Table(words, ((columns, deleted(reason)),))


def opaque(words: str, columns: str, reason: str) -> Table:
    return Table(words, ((columns, kept(reason)),))


NUMBERS = "numbers and opaque codes that lead to no person any more"

FATES: Mapping[str, Table] = {
    "account": Table(
        "a person, in all their events; one that runs events or takes part in another stays as it is for these",
        (
            ("id", kept(NUMBERS)),
            ("names", becomes(PERSON, "what others were told stays true without the name")),
            ("email phone", becomes(None, "ways to reach the person")),
            ("login password_hash", becomes(None, "a way in; those who run events keep theirs with their account")),
            ("locale", becomes("fr", "the language the person reads")),
            ("session_generation", kept("a number, raised so that open sessions end")),
            ("created_at", kept("a date that says nothing of who")),
        ),
    ),
    "attempt": gone("a try to sign in", "id key at", "counts for an hour; the key is a digest of an address"),
    "attendance": opaque(
        "who sits in a published meeting",
        "id event_id meeting_id participation_id side",
        "what the others were told stays true; the participation is anonymous",
    ),
    "audience_window": opaque(
        "a slot that a host keeps for a theme", "id event_id organisation_id slot_id topic", "said of an organisation"
    ),
    "change_request": Table(
        "what a person asked to change of a published meeting",
        (
            ("id event_id request_id participation_id kind withdraw state", kept("what became of a meeting")),
            ("made_at settled_by_id settled_at", kept("when, and by which of those who run the event")),
            ("words", becomes("", "the person’s own words")),
            ("answer", becomes("", "an organiser’s words to the person")),
        ),
    ),
    "consent": gone(
        "what a person agreed to", "id event_id participation_id purpose given_at", "ends with what was agreed to"
    ),
    "delegation": Table(
        "organisations that travel together",
        (
            ("id event_id code names revision", kept("the organisers’ name for a group")),
            ("head_id", becomes(None, "leads to the person")),
        ),
    ),
    "draft": opaque(
        "an answer of the solver",
        "id event_id number run_id from_number value bound gap seconds proven terms scores revision created_at",
        "figures of the whole schedule",
    ),
    "draft_meeting": opaque(
        "a meeting of a draft",
        "id event_id draft_id request_id slot_id length location_id table_number interpreter_id locked",
        NUMBERS,
    ),
    "draft_step": opaque(
        "a change of a draft by hand", "id event_id draft_id number request_id before after undone", NUMBERS
    ),
    "draft_unscheduled": opaque(
        "a request that a draft does not hold", "id event_id draft_id request_id reason detail", NUMBERS
    ),
    "event": Table(
        "an event",
        (
            ("id slug names places patronage logos zone languages accent public_address", kept("about the event")),
            ("archived_at", kept("when it was put away")),
            ("controller cndp_number", kept("who answers for the data, named by law")),
            ("asking answer_days agendas_on comments_close_at digest_on mail_stopped_at", kept("rules of the event")),
            ("phase wishes_close_at slot_minutes changeover_minutes must_quota like_quota", kept("rules of the event")),
            ("max_consecutive standby_by_clock revision created_at", kept("rules of the event")),
            ("standby_looked_at", kept("when the clock last looked for holes")),
            ("delete_after data_deleted_at", kept("proves the deletion")),
        ),
    ),
    "event_break": frame("a break", "id event_id day start end kind titles"),
    "event_day": frame("a day of the event", "id event_id day start end"),
    "event_session": frame(
        "a talk, a workshop, a seminar",
        "id event_id titles rooms zone_id day start end for_everybody closed capacity revision",
    ),
    "feedback": Table(
        "what a person says of a meeting",
        (
            ("id event_id participation_id request_id", kept(NUMBERS)),
            ("took_place useful", kept("what became of a meeting, in figures; the participation is anonymous")),
            ("note", becomes("", "the person’s own words")),
        ),
    ),
    "hand_over": opaque(
        "who came to a published meeting in whose place",
        "id event_id meeting_id gave_id took_id made_by_id made_at",
        "leads to anonymous rows",
    ),
    "interpreter": Table(
        "an interpreter",
        (
            ("id event_id code languages max_per_day max_consecutive", kept(NUMBERS)),
            ("names", becomes(INTERPRETER, "a person’s name", When.EVENT)),
        ),
    ),
    "interpreter_absence": opaque("a slot without an interpreter", "id event_id interpreter_id slot_id", NUMBERS),
    "edition": opaque("how often what a directory shows was changed", "id event_id number", NUMBERS),
    "lease": opaque("which worker holds the clock", "id name holder fence expires_at", "names processes, not people"),
    "location": frame(
        "a hall or a stand", "id event_id code names is_stand zone_id capacity features revision"
    ),
    "location_closure": frame("a slot in which a place is closed", "id event_id location_id slot_id"),
    "location_owner": opaque(
        "whose stand a stand is", "id event_id location_id organisation_id", "said of an organisation"
    ),
    "log_entry": Table(
        "who did what, when and for whom",
        (
            ("id event_id at verb subject", kept("proves what was done; codes, not names")),
            ("actor_id for_participation_id", kept("lead to rows that are anonymous")),
            ("detail", becomes({}, "may hold a reason in an organiser’s words", When.EVENT)),
        ),
    ),
    "logo": opaque("the drawings of a logo", "id event_id small large", "about the event; drawn anew"),
    "mail": Table(
        "a message; one that is not sent yet is deleted whole, but for those that take entries out of a calendar",
        (
            ("id event_id participation_id account_id version_id", kept(NUMBERS)),
            ("kind key message_id state tries may_have_arrived", kept("that there was a message, and how it went")),
            ("next_try_at claimed_by claimed_at created_at sent_at", kept("when, and by which worker")),
            ("recipient", becomes("", "the person’s address; of what empties a calendar once it left")),
            ("host", kept("who keeps the mailboxes, not whose they are")),
            ("locale", becomes("fr", "the language the person reads")),
            ("facts", becomes({}, "what the message was made from")),
            ("answer", becomes("", "relays repeat the address in their answers")),
        ),
    ),
    "membership": opaque("a role in an event", "id event_id account_id role", "who runs events keeps their account"),
    "message_text": Table(
        "what organisers wrote for a kind of message",
        (
            ("id event_id kind revision", kept("that the words were theirs")),
            ("subjects openings", becomes({}, "in an organiser’s words, which may name a person", When.EVENT)),
        ),
    ),
    "notice": frame("what the clock has told everybody", "id event_id name at"),
    "numbered_queue": opaque(
        "a host’s queue of numbers",
        "id event_id organisation_id minutes is_open last serving",
        "figures of an organisation’s day",
    ),
    "organisation": Table(
        "an organisation in an event",
        (
            ("id event_id code revision created_at", kept(NUMBERS)),
            ("names", becomes(ORGANISATION, "a company’s name is no personal data, one’s own is", When.NAMESAKE)),
            ("short_names", becomes({}, "made from the name", When.NAMESAKE)),
            ("city country type_id delegation_id is_host meeting_slots", kept("said of an organisation, for figures")),
            ("website", becomes("", "may lead to a person", When.LAST)),
            ("about offers_text needs_text", becomes("", "free words that may name a person", When.LAST)),
            ("listed", becomes(False, "nobody is there to be met", When.LAST)),
        ),
    ),
    "organisation_topic": opaque(
        "what an organisation offers or needs", "id event_id organisation_id kind topic", "codes of a public list"
    ),
    "paper_pack": gone(
        "what is printed of a version",
        "id event_id version_number state asked_at asked_by_id claimed_by claimed_at tries made_at folder files",
        "its files hold the names of all; they go from the disk within seconds, and are made again without the person",
    ),
    "participant_type": frame(
        "buyer, supplier, institution",
        "id event_id code names max_meetings max_per_day max_consecutive min_meetings silence revision",
    ),
    "participation": Table(
        "a person’s part in an event",
        (
            ("id event_id code account_id organisation_id", kept("versions and figures refer to the anonymous row")),
            ("job", becomes({}, "said by the person of themselves")),
            ("title", becomes({}, "part of the person’s name")),
            ("protocol_rank", becomes(None, "settled for them")),
            ("moved_by_hand", becomes(False, "settled for them")),
            ("languages", becomes([], "said by the person of themselves")),
            ("channel", becomes("paper", "how the person is reached")),
            ("by_invitation wants_reminders", becomes(False, "how the person’s calendar is told")),
            ("times_said_at", becomes(None, "said by the person")),
            ("arrived_at", becomes(None, "when the person came, noted by the desk")),
            ("represents", becomes(False, "the person takes part no more")),
            ("withdrawn", becomes(True, "no run counts them, no link opens")),
            ("max_meetings max_per_day max_consecutive min_meetings location_id", becomes(None, "settled for them")),
            ("parallel", becomes(1, "settled for them")),
            ("link_generation", kept("a number, raised so that personal links open nothing")),
            ("revision created_at deleted_at", kept("dates and numbers; the last proves the deletion")),
        ),
    ),
    "people_import": gone(
        "a table of people that an organiser is about to import",
        "id event_id made_by_id kind title others rows columns head_first head_count choices state trouble total"
        " checked people organisations revision created_at",
        "emptied when the people are entered, and deleted after a day in any case",
    ),
    "person_booking": opaque(
        "who sits in a meeting of a draft",
        "id event_id meeting_id draft_id participation_id slot_id seat side",
        "the participation is anonymous",
    ),
    "published_meeting": Table(
        "a meeting as it was told",
        (
            ("id event_id version_id request_id", kept(NUMBERS)),
            ("state sequence day start end moved was_day was_start", kept("what others were told stays true")),
            ("begins_at", kept("the instant that others were told stays true")),
            ("location_id location_names is_stand table_number", kept("what others were told stays true")),
            ("languages", kept("of the meeting, which two or more spoke")),
            ("interpreter_names", becomes({}, "a person’s name", When.EVENT)),
        ),
    ),
    "published_unscheduled": opaque(
        "a request that a version does not hold", "id event_id version_id request_id reason", NUMBERS
    ),
    "rehearsal": opaque(
        "an event played on a copy before the day, with its figures",
        "id event_id state plan step done total result created_at claimed_by heartbeat_at finished_at failure",
        "opaque codes, times and figures only; the copy itself holds no name and is gone when it was played",
    ),
    "request": Table(
        "two organisations of which one wants to meet the other",
        (
            ("id event_id code first_id second_id state weight klass priority created_at", kept("of organisations")),
            ("priority_reason", becomes("", "in an organiser’s words, which may name a person", When.EVENT)),
        ),
    ),
    "question_edition": opaque(
        "how often what the solver is asked was changed", "id event_id number", NUMBERS
    ),
    "run": Table(
        "a run of the solver",
        (
            ("id event_id number state preset bonus_percent", kept("about the run")),
            ("seconds seed created_at from_number", kept("about the run")),
            ("problem schedule happened", kept("opaque codes, times and limits only, so that the run can be replayed")),
            ("started_by_id", kept("one of those who run the event")),
            (
                "claimed_by heartbeat_at stop_asked_at cancel_asked started_at finished_at failure failure_detail",
                kept("about the run and its worker"),
            ),
        ),
    ),
    "queue_number": gone(
        "a number that somebody has in a queue",
        "id event_id queue_id number participation_id given_at",
        "of no use without the person",
    ),
    "run_progress": opaque("a point of a run’s curve", "id run_id seconds phase value bound", "figures of the solver"),
    "session_queue": gone(
        "a place in the queue of a session", "id event_id session_id participation_id", "where the person meant to be"
    ),
    "session_seat": gone(
        "a seat in a session", "id event_id session_id participation_id speaks", "where the person was and when"
    ),
    "sign_in_link": gone(
        "a link that signs a person in",
        "id account_id event_id nonce token_digest created_at expires_at used_at",
        "opens nothing any more",
    ),
    "slot": frame("a place in the timetable", "id event_id code day start end break_before"),
    "standby_meeting": opaque(
        "that a meeting was made on the day", "id event_id meeting_id made_by_id made_at", "leads to anonymous rows"
    ),
    "standby_person": opaque(
        "a person at one time of a meeting made on the day",
        "id event_id version_id meeting_id participation_id day start seat",
        "leads to anonymous rows",
    ),
    "standby_table": opaque(
        "a table at one time of a meeting made on the day",
        "id event_id version_id meeting_id location_id table_number day start",
        NUMBERS,
    ),
    "study": opaque(
        "what organisers asked of the solver beside schedules, with its answers",
        "id event_id kind state seconds problem question result created_at claimed_by heartbeat_at finished_at failure",
        "opaque codes, times and figures only, as in a run",
    ),
    "table_booking": opaque(
        "a table in a meeting of a draft",
        "id event_id meeting_id draft_id location_id table_number slot_id",
        "about a table",
    ),
    "unavailability": gone(
        "a slot in which a person is not free", "id event_id participation_id slot_id", "said by the person"
    ),
    "version": opaque(
        "a published version",
        "id event_id number kind draft_id published_at published_by_id zone_edition zone_noted days days_out rest_on",
        "about the whole schedule, by one of those who run the event",
    ),
    "walk": frame("how long one walks", "id event_id zone_a_id zone_b_id minutes"),
    "wish": Table(
        "what an organisation said of another",
        (
            ("id event_id organisation_id wanted_id level rank made_at", kept("an organisation’s, not a person’s")),
            ("made_by_id", kept("leads to an account that is anonymous")),
        ),
    ),
    "zone": frame("a part of the grounds", "id event_id code names"),
}  # fmt: skip


def anonymous(table: str, when: When = When.PERSON) -> dict[str, Any]:
    """Return what is put into the columns of a table that become anonymous then."""
    columns = FATES[table].columns.items()
    return {name: deepcopy(fate.becomes) for name, fate in columns if fate.kind is Kind.ANONYMOUS and fate.when is when}
