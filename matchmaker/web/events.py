"""A participant's page of an event: what to do next."""

from __future__ import annotations

from typing import NamedTuple

from flask import Blueprint, g, render_template
from flask_babel import gettext as _
from flask_babel import ngettext

from matchmaker import clock
from matchmaker.domain.states import Phase
from matchmaker.models import Event
from matchmaker.permissions import Caller, open_to
from matchmaker.queries import home
from matchmaker.queries.home import Progress
from matchmaker.web import pens
from matchmaker.web.pens import Pen

bp = Blueprint("events", __name__)

PREPARING = frozenset({Phase.REGISTRATION, Phase.WISHES})
PUBLISHED = frozenset({Phase.PROVISIONAL, Phase.FINAL, Phase.ON_THE_DAY, Phase.AFTER})


class Step(NamedTuple):
    """One thing to do: done or not, what it is, how it stands, and where."""

    done: bool
    title: str
    words: str
    verb: str
    url: str


@bp.get("/e/<slug>/")
@open_to(Caller.PARTICIPANT)
def show(slug: str) -> str:  # noqa: ARG001 -- the gate has read it
    pen = pens.own()
    progress = home.progress(g.event, pen.participation, now=clock.now())
    return render_template(
        "events/show.html",
        pen=pen,
        steps=_steps(g.event, progress, pen) if g.event.phase in PREPARING else [],
        published=g.event.phase in PUBLISHED and progress.version is not None,
        colleagues=home.colleagues(pen.participation.organisation_id),
    )


def _steps(event: Event, progress: Progress, pen: Pen) -> list[Step]:
    steps = [
        _profile_step(progress, pen),
        _times_step(progress, pen),
        _wishes_step(event, progress, pen),
    ]
    return [*steps, _requests_step(progress, pen)] if progress.asked_by and event.phase is Phase.WISHES else steps


def _profile_step(progress: Progress, pen: Pen) -> Step:
    words = (
        _("Your offers and needs are known; others find you by them.")
        if progress.has_profile
        else _("Others find you by what you offer and look for. Tick what fits, in two minutes.")
    )
    return Step(progress.has_profile, _("Describe your organisation"), words, _("Describe"), pen.url("organisation"))


def _times_step(progress: Progress, pen: Pen) -> Step:
    words = (
        ngettext("You marked %(num)d slot as not free.", "You marked %(num)d slots as not free.", progress.away)
        if progress.away
        else _("You are free all the time. Mark only what does not suit you.")
    )
    return Step(progress.away > 0, _("Check your times"), words, _("Check"), pen.url("times"))


def _wishes_step(event: Event, progress: Progress, pen: Pen) -> Step:
    given = progress.musts + progress.likes
    if event.phase is not Phase.WISHES:
        words = _("You can look round now; choosing begins when registration is over.")
    elif given:
        words = _(
            "Must: %(musts)s of %(must_quota)s. Like: %(likes)s of %(like_quota)s.",
            musts=progress.musts,
            must_quota=event.must_quota,
            likes=progress.likes,
            like_quota=event.like_quota,
        )
    else:
        words = _("You have chosen nobody yet. At least three wishes help the schedule most.")
    return Step(given > 0, _("Choose whom you want to meet"), words, _("Choose"), pen.url("wishes"))


def _requests_step(progress: Progress, pen: Pen) -> Step:
    words = (
        ngettext("%(num)d asks for you: yes or no?", "%(num)d ask for you: yes or no?", progress.to_answer)
        if progress.to_answer
        else _("Everybody who asks for you has your answer.")
    )
    return Step(not progress.to_answer, _("Answer who asks for you"), words, _("Answer"), pen.url("requests"))
