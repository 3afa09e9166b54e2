"""Each refusal has a status and a sentence; views never catch. A fault is logged in one line."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple

import structlog
from flask import Flask, Response, g, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, SecurityError

from matchmaker import errors
from matchmaker.domain import dates, plain
from matchmaker.extensions import db
from matchmaker.web import grid_words, languages
from matchmaker.web.isolation import isolated
from matchmaker.web.masking import masked

log = structlog.get_logger()


class Answer(NamedTuple):
    status: int
    sentence: Callable[[Any], str]


ANSWERS: dict[type[errors.Refusal], Answer] = {
    errors.NotFound: Answer(404, lambda _r: _("There is nothing at this address, or it is not meant for you.")),
    errors.ChangedMeanwhile: Answer(
        409,
        lambda _r: _(
            "Somebody else saved this while you were writing. Your text is kept below: compare and save again."
        ),
    ),
    errors.InvalidValue: Answer(422, lambda refusal: _(str(refusal.sentence))),
    errors.UnfitText: Answer(422, lambda refusal: _(refusal.sentence, shown=_apart(refusal.shown))),
    errors.WishesClosed: Answer(409, lambda refusal: _closed(refusal.closed_at)),
    errors.PhaseForbids: Answer(409, lambda _r: _("This is not possible in the present phase of the event.")),
    errors.Archived: Answer(
        409, lambda _r: _("This event is archived: nothing in it can be changed. An owner can restore it.")
    ),
    errors.DataDeleted: Answer(
        409,
        lambda _r: _("The personal data of this event was deleted as announced. Nobody can be registered any more."),
    ),
    errors.QuotaUsed: Answer(
        409,
        lambda refusal: _(
            "All %(quota)s of these wishes are given. Withdraw one to free its place.", quota=refusal.quota
        ),
    ),
    errors.RequestExpired: Answer(
        409, lambda _r: _("This request has expired. You can ask for the meeting yourselves in the directory.")
    ),
    errors.LinkUsedUp: Answer(
        410, lambda _r: _("This link was used already or has expired. Ask for a new one: it takes a minute.")
    ),
    errors.WrongPassword: Answer(401, lambda _r: _("This name and password do not belong together.")),
    errors.TooManyTries: Answer(429, lambda _r: _("That was too often. Please wait a little, then try again.")),
    errors.RunInProgress: Answer(
        409, lambda _r: _("A run is in progress. Wait for it, or stop it and keep the best schedule so far.")
    ),
    errors.NothingToSchedule: Answer(
        409, lambda _r: _("There is nothing to schedule yet: no wishes, no slots or no tables.")
    ),
    errors.NothingToRepair: Answer(
        409, lambda _r: _("Nothing that is still to come is touched by this: nothing needs to change.")
    ),
    errors.RepairOutOfDate: Answer(
        409, lambda _r: _("Things have changed since these repairs were looked for. Look for repairs again.")
    ),
    errors.DraftChanged: Answer(
        409, lambda _r: _("Somebody changed this draft meanwhile. Read what would change now, then publish.")
    ),
    errors.DaysBelongTogether: Answer(
        409,
        lambda _r: _(
            "This draft moves meetings from one of these days to a day that is not chosen. Publish both days together."
        ),
    ),
    errors.DoubleBooking: Answer(409, lambda _r: _("This person or this table is already taken at that time.")),
    errors.NotPossibleThere: Answer(
        409, lambda refusal: f"{_(grid_words.WHY[refusal.reason])} {_('Nothing was changed.')}"
    ),
    errors.MeetingLocked: Answer(409, lambda _r: _("This meeting is locked. Unlock it to move it.")),
    errors.NothingToUndo: Answer(409, lambda _r: _("There is nothing left to undo, or to do again.")),
    errors.MeetingOver: Answer(
        409, lambda _r: _("This meeting has begun, or does not stand any more. The desk can still help you.")
    ),
    errors.NotFree: Answer(409, lambda _r: _("This person is not free at that time. Choose another colleague.")),
    errors.SettledAlready: Answer(409, lambda _r: _("Somebody has settled this already, or it was taken back.")),
    errors.QueueClosed: Answer(409, lambda _r: _("This queue is closed.")),
    errors.NobodyWaits: Answer(409, lambda _r: _("Nobody waits: all numbers have been called.")),
    errors.InUse: Answer(
        409,
        lambda refusal: _("This cannot be removed: %(count)s meetings or people depend on it.", count=refusal.count),
    ),
}


def _apart(words: str) -> str:
    return plain.isolated(words, languages.current())


def _closed(at: datetime) -> str:
    day, time = dates.long_day(at, languages.current()), dates.clock(at)
    return _("Wishes closed on %(day)s at %(time)s. The desk can still help you.", day=day, time=time)


def sentence(refusal: errors.Refusal) -> str:
    """Say a refusal to a person, in the language of the page; ready for a page, times isolated."""
    return isolated(ANSWERS[type(refusal)].sentence(refusal))


def register(app: Flask) -> None:
    """Tell the application how each refusal and fault is answered."""
    app.register_error_handler(errors.Refusal, _refused)
    app.register_error_handler(CSRFError, _stale_form)
    app.register_error_handler(SecurityError, _strange_host)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _fault)


def _refused(refusal: errors.Refusal) -> ResponseReturnValue:
    return _page(ANSWERS[type(refusal)].status, sentence(refusal))


def _stale_form(_error: CSRFError) -> ResponseReturnValue:
    return _page(400, _("This page had been open for too long. Go back, load it again and send it once more."))


def _strange_host(_error: SecurityError) -> ResponseReturnValue:
    """Answer in one plain line: for a host that is not ours no address can be made, and so no page of ours."""
    return Response(_("This page could not be read"), 400, mimetype="text/plain")


def _http(error: HTTPException) -> ResponseReturnValue:
    if error.code is None or error.code < 400:
        return error  # a redirect that the router makes by itself
    return _page(error.code, "")


def _fault(error: Exception) -> ResponseReturnValue:
    db.session.rollback()
    g.pop("event", None)  # what was read before is gone with the transaction
    cause = masked(" ".join(str(error).split()))
    log.error("fault", path=masked(request.path), error=type(error).__name__, cause=cause, place=_place(error))
    return _page(500, "")


def _place(error: Exception) -> str:
    last = error.__traceback__
    while last is not None and last.tb_next is not None:
        last = last.tb_next
    return f"{last.tb_frame.f_code.co_filename}:{last.tb_lineno}" if last else "unknown"


def _page(status: int, words: str) -> ResponseReturnValue:
    return render_template("errors/error.html", status=status, sentence=words), status
