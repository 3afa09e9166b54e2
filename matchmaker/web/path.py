"""The way of a participant before the schedule is made: what to do, one thing after the other."""

from __future__ import annotations

from typing import NamedTuple

from flask import g, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from matchmaker import clock
from matchmaker.domain.states import Phase
from matchmaker.queries import home
from matchmaker.queries.home import Progress
from matchmaker.web.pens import Pen

PREPARING = frozenset({Phase.REGISTRATION, Phase.WISHES})


class Step(NamedTuple):
    """One thing to do: on which page, done or not, what it is, how it stands."""

    page: str
    done: bool
    title: str
    words: str
    verb: str


def steps(progress: Progress) -> list[Step]:
    """Return what there is to do, in order; what does not concern this person is left out."""
    found = [_organisation_step(progress), _times_step(progress), _wishes_step(progress)]
    if not progress.agreed:
        found.insert(0, _agreement_step())
    if progress.asked_by and g.event.phase is Phase.WISHES:
        found.append(_requests_step(progress))
    return found


def onward(pen: Pen, here: str) -> str:
    """Return where to go on after a page is saved: to the next thing to do, if there is any."""
    if pen.for_other:
        return pen.url(here)
    if g.event.phase not in PREPARING:
        return url_for("events.show", slug=g.event.slug)
    progress = home.progress(g.event, pen.participation, now=clock.now())
    left = [step for step in steps(progress) if not step.done and step.page != here]
    return pen.url(left[0].page) if left else url_for("events.show", slug=g.event.slug)


def _agreement_step() -> Step:
    words = _("You were entered by the organiser. See whether your data is right, and agree to its use.")
    return Step("profile", False, _("Confirm your data"), words, _("Confirm"))


def _organisation_step(progress: Progress) -> Step:
    words = (
        _("Your offers and needs are known; others find you by them.")
        if progress.has_profile
        else _("Others find you by what you offer and look for. Tick what fits, in two minutes.")
    )
    return Step("organisation", progress.has_profile, _("Describe your organisation"), words, _("Describe"))


def _times_step(progress: Progress) -> Step:
    words = (
        ngettext("You marked %(num)d slot as not free.", "You marked %(num)d slots as not free.", progress.away)
        if progress.away
        else _("You are free all the time. Mark only what does not suit you.")
    )
    return Step("times", progress.times_said, _("Check your times"), words, _("Check"))


def _wishes_step(progress: Progress) -> Step:
    given = progress.musts + progress.likes
    if g.event.phase is not Phase.WISHES:
        words = _("You can look round now; choosing begins when registration is over.")
    elif given:
        words = _(
            "Must: %(musts)s of %(must_quota)s. Like: %(likes)s of %(like_quota)s.",
            musts=progress.musts,
            must_quota=g.event.must_quota,
            likes=progress.likes,
            like_quota=g.event.like_quota,
        )
    else:
        words = _("You have chosen nobody yet. At least three wishes help the schedule most.")
    return Step("wishes", given > 0, _("Choose whom you want to meet"), words, _("Choose"))


def _requests_step(progress: Progress) -> Step:
    words = (
        ngettext("%(num)d asks for you: yes or no?", "%(num)d ask for you: yes or no?", progress.to_answer)
        if progress.to_answer
        else _("Everybody who asks for you has your answer.")
    )
    return Step("requests", not progress.to_answer, _("Answer who asks for you"), words, _("Answer"))
