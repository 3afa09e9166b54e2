"""Each refusal has a status and a sentence; views never catch. A fault is logged in one line."""

from __future__ import annotations

import structlog
from flask import Flask, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from matchmaker import errors
from matchmaker.extensions import db

log = structlog.get_logger()

STATUS: dict[type[errors.Refusal], int] = {
    errors.NotFound: 404,
    errors.ChangedMeanwhile: 409,
    errors.InvalidValue: 422,
    errors.WishesClosed: 409,
    errors.PhaseForbids: 409,
    errors.QuotaUsed: 409,
    errors.LinkUsedUp: 410,
    errors.WrongPassword: 401,
    errors.TooManyTries: 429,
    errors.RunInProgress: 409,
    errors.NothingToSchedule: 409,
    errors.DoubleBooking: 409,
    errors.InUse: 409,
}


def sentence(refusal: errors.Refusal) -> str:
    """Say a refusal to a person, in the language of the page."""
    match refusal:
        case errors.ChangedMeanwhile():
            return _("Somebody else saved this while you were writing. Your text is kept below: compare and save again.")
        case errors.InvalidValue():
            return refusal.sentence
        case errors.WishesClosed(closed_at=at):
            return _("Wishes closed on %(day)s at %(time)s. The desk can still help you.", day=f"{at:%d/%m/%Y}", time=f"{at:%H:%M}")
        case errors.PhaseForbids():
            return _("This is not possible in the present phase of the event.")
        case errors.QuotaUsed(quota=quota):
            return _("All %(quota)s of these wishes are given. Withdraw one to free its place.", quota=quota)
        case errors.LinkUsedUp():
            return _("This link was used already or has expired. Ask for a new one: it takes a minute.")
        case errors.WrongPassword():
            return _("This name and password do not belong together.")
        case errors.TooManyTries():
            return _("That was too often. Please wait a little, then try again.")
        case errors.RunInProgress():
            return _("A run is in progress. Wait for it, or stop it and keep the best schedule so far.")
        case errors.NothingToSchedule():
            return _("There is nothing to schedule yet: no wishes, no slots or no tables.")
        case errors.DoubleBooking():
            return _("This person or this table is already taken at that time.")
        case errors.InUse(count=count):
            return _("This cannot be removed: %(count)s meetings or people depend on it.", count=count)
        case _:
            return _("There is nothing at this address, or it is not meant for you.")


def register(app: Flask) -> None:
    """Tell the application how each refusal and fault is answered."""
    app.register_error_handler(errors.Refusal, _refused)
    app.register_error_handler(CSRFError, _stale_form)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _fault)


def _refused(refusal: errors.Refusal) -> ResponseReturnValue:
    return _page(STATUS[type(refusal)], sentence(refusal))


def _stale_form(_error: CSRFError) -> ResponseReturnValue:
    return _page(400, _("This page had been open for too long. Go back, load it again and send it once more."))


def _http(error: HTTPException) -> ResponseReturnValue:
    status = error.code or 500
    if status < 400:
        return error.get_response()  # type: ignore[return-value]
    return _page(status, "")


def _fault(error: Exception) -> ResponseReturnValue:
    db.session.rollback()
    last = error.__traceback__
    while last is not None and last.tb_next is not None:
        last = last.tb_next
    place = f"{last.tb_frame.f_code.co_filename}:{last.tb_lineno}" if last else "unknown"
    log.error("fault", path=request.path, error=type(error).__name__, cause=str(error), place=place)
    return _page(500, "")


def _page(status: int, words: str) -> ResponseReturnValue:
    return render_template("errors/error.html", status=status, sentence=words), status
