"""Every table, imported once, so that the metadata is whole wherever one is used."""

from matchmaker.models.account import Account, Attempt, Membership, SignInLink
from matchmaker.models.base import Base, Texts
from matchmaker.models.change import ChangeRequest, HandOver
from matchmaker.models.edition import Edition, QuestionEdition
from matchmaker.models.event import (
    Break,
    Event,
    EventDay,
    EventSession,
    Location,
    LocationClosure,
    LocationOwner,
    Logo,
    ParticipantType,
    Slot,
    Walk,
    Zone,
)
from matchmaker.models.feedback import Feedback
from matchmaker.models.importing import PeopleImport
from matchmaker.models.numbered import NumberedQueue, QueueNumber
from matchmaker.models.outbox import Lease, LogEntry, Mail, MessageText, Notice
from matchmaker.models.paper import PaperPack
from matchmaker.models.participation import (
    AudienceWindow,
    Consent,
    Delegation,
    Interpreter,
    InterpreterAbsence,
    Organisation,
    OrganisationTopic,
    Participation,
    SessionQueue,
    SessionSeat,
    Unavailability,
)
from matchmaker.models.rehearsal import Rehearsal
from matchmaker.models.request import Request, Wish
from matchmaker.models.run import (
    Draft,
    DraftMeeting,
    DraftStep,
    DraftUnscheduled,
    PersonBooking,
    Run,
    RunProgress,
    TableBooking,
)
from matchmaker.models.standby import StandbyMeeting, StandbyPerson, StandbyTable
from matchmaker.models.study import Study
from matchmaker.models.version import Attendance, PublishedMeeting, PublishedUnscheduled, Version

__all__ = [
    "Account",
    "Attempt",
    "Attendance",
    "AudienceWindow",
    "Base",
    "Break",
    "ChangeRequest",
    "Consent",
    "Delegation",
    "Draft",
    "DraftMeeting",
    "DraftStep",
    "DraftUnscheduled",
    "Edition",
    "Event",
    "EventDay",
    "EventSession",
    "Feedback",
    "HandOver",
    "Interpreter",
    "InterpreterAbsence",
    "Lease",
    "Location",
    "LocationClosure",
    "LocationOwner",
    "LogEntry",
    "Logo",
    "Mail",
    "Membership",
    "MessageText",
    "Notice",
    "NumberedQueue",
    "Organisation",
    "OrganisationTopic",
    "PaperPack",
    "ParticipantType",
    "Participation",
    "PeopleImport",
    "PersonBooking",
    "PublishedMeeting",
    "PublishedUnscheduled",
    "QuestionEdition",
    "QueueNumber",
    "Rehearsal",
    "Request",
    "Run",
    "RunProgress",
    "SessionQueue",
    "SessionSeat",
    "SignInLink",
    "Slot",
    "StandbyMeeting",
    "StandbyPerson",
    "StandbyTable",
    "Study",
    "TableBooking",
    "Texts",
    "Unavailability",
    "Version",
    "Walk",
    "Wish",
    "Zone",
]
