"""What organisers read of runs and drafts: states, failures, figures and how two drafts differ, in words."""

from __future__ import annotations

from collections.abc import Mapping
from math import floor
from typing import Any, NamedTuple

from flask_babel import gettext as _

from matchmaker.domain.scoring import CLASS_LABELS
from matchmaker.domain.states import RunState
from matchmaker.domain.wording import N_
from matchmaker.models import Draft, Run
from matchmaker.queries.draft_difference import Kind
from matchmaker.scheduling.presets import presets
from matchmaker.web.context import number, words
from matchmaker.web.study_words import times

STATES: Mapping[RunState, tuple[str, str]] = {
    RunState.QUEUED: ("queued", N_("Waiting to start")),
    RunState.RUNNING: ("running", N_("Searching")),
    RunState.DONE: ("finished", N_("Finished")),
    RunState.INFEASIBLE: ("failed", N_("No schedule exists")),
    RunState.NOTHING_FOUND: ("failed", N_("Nothing found in time")),
    RunState.FAILED: ("failed", N_("Failed")),
    RunState.CANCELLED: ("cancelled", N_("Cancelled")),
}
"""The code of the status part, and its word."""
STOPPED = ("finished", N_("Stopped"))
FAILURES: Mapping[str, str] = {
    "conflict": N_("The locked meetings contradict each other, so that no schedule exists. Unlock one of these:"),
    "nothing_found": N_("No schedule was found in the time given. Allow more seconds."),
    "bad_problem": N_(
        "A locked meeting is no longer possible: somebody is not free any more, or a table or slot is gone. "
        "Unlock meetings in the draft and run again."
    ),
    "memory": N_("The run needed more memory than one run may have. Close other programs or raise the limit."),
    "time": N_("The run did not end when its time was up and was stopped. Nothing was lost; run it again."),
    "crashed": N_("The solver’s process ended by itself. Nothing was lost; run it again."),
    "worker": N_("The program that carries out runs stopped twice during this one. Start the run again."),
    "wrong_answer": N_("The check found a fault in the solver’s answer, so it was not kept. Please report this run."),
}
DIFFERS: Mapping[Kind, str] = {
    Kind.TIME: N_("another time"),
    Kind.PEOPLE: N_("another person"),
    Kind.PLACE: N_("another place"),
}
"""How a meeting that both drafts hold differs."""
MORE, FEWER, NEUTRAL = "more", "fewer", ""


DIFFERENCES: Mapping[str, tuple[str, str]] = {
    "better": (N_("%(count)s more, better"), N_("%(count)s fewer, better")),
    "worse": (N_("%(count)s more, worse"), N_("%(count)s fewer, worse")),
    "": (N_("%(count)s more"), N_("%(count)s fewer")),
}


def state(run: Run) -> tuple[str, str]:
    """Return the code and the word of a run's state; who stopped a search reads so, and not that it ended."""
    stopped = run.state is RunState.DONE and run.stop_asked_at is not None
    return STOPPED if stopped else STATES[run.state]


AS_IN_THE_RULES = 100


class Figure(NamedTuple):
    """A row of the comparison: what it is called, where its number stands, and which way is better."""

    label: str
    key: str
    better: str


FIGURES = (
    Figure(N_("Meetings placed"), "placed", MORE),
    Figure(N_("Must meetings"), "musts_placed", MORE),
    Figure(N_("People with nothing"), "with_0", FEWER),
    Figure(N_("People with one"), "with_1", NEUTRAL),
    Figure(N_("People with two"), "with_2", NEUTRAL),
    Figure(N_("Fewest for one person"), "fewest", MORE),
    Figure(N_("Minimums missed"), "minimums_missed", FEWER),
    Figure(N_("Idle slots"), "idle_slots", FEWER),
    Figure(N_("Changes of place"), "location_changes", NEUTRAL),
    Figure(N_("Minutes walked"), "walking_minutes", NEUTRAL),
    Figure(N_("Places used"), "table_slots", NEUTRAL),
)


class Finding(NamedTuple):
    """What a curve says at its end; both are None until something is known."""

    value: int | None
    bound: int | None

    @property
    def sentence(self) -> str:
        value, bound = number(self.value or 0), number(self.bound or 0)
        match self:
            case (None, None):
                return _("Nothing is known yet")
            case (None, int()):
                return _("No schedule can exceed %(bound)s; none is found yet", bound=bound)
            case (int(), None):
                return _("The best so far has %(value)s", value=value)
        if self.proven:
            return _("This schedule has %(value)s: none can be better", value=value)
        return _("No schedule can exceed %(bound)s; this one has %(value)s", bound=bound, value=value)

    @property
    def proven(self) -> bool:
        return None not in self and self.bound <= self.value  # type: ignore[operator]


def finding(points: Any) -> Finding:
    """Return the last value and the last bound of a curve; values are whole, so a bound is too."""
    values = [point.value for point in points if point.value is not None]
    bounds = [point.bound for point in points if point.bound is not None]
    return Finding(int(values[-1]) if values else None, whole(bounds[-1]) if bounds else None)


def whole(bound: float) -> int:
    """Round a bound of whole values: none lies between it and the whole number below."""
    return floor(bound + 1e-6)


def preset_name(code: str) -> str:
    return words(presets()[code].names) if code in presets() else code


def made(draft: Draft, run: Run | None) -> str:
    """Say how a draft came about: by a run and what it weighed, or by hand."""
    if run is None and draft.from_number:
        return _("By hand, from draft %(number)s", number=draft.from_number)
    return aim(run)


def aim(run: Run | None) -> str:
    """Say what a run weighs: its preset, and what fairness weighs in it where that is not as in the rules."""
    if run is None:
        return ""
    if run.bonus_percent == AS_IN_THE_RULES:
        return preset_name(run.preset)
    return _("%(preset)s, fairness %(times)s", preset=preset_name(run.preset), times=times(run.bonus_percent))


def failure(run: Run) -> str:
    return _(FAILURES[run.failure]) if run.failure in FAILURES else ""


def percent(gap: float) -> str:
    """Write a gap as 1.8%, with the page's own separators."""
    return _("%(number)s%%", number=number(round(gap * 100, 2)))


def score_figures(draft: Draft) -> list[tuple[str, str, str]]:
    """Return the score card: label, figure, detail."""
    card = {key: number(value) for key, value in draft.scores.items() if key != "classes"}
    return [
        (_("Meetings placed"), card["placed"], _("of %(wanted)s wanted", wanted=card["wanted"])),
        (_("Must meetings"), card["musts_placed"], _("of %(wanted)s", wanted=card["musts_wanted"])),
        (_("People with nothing"), card["with_0"], _("of %(people)s who asked", people=card["people"])),
        (_("With one, with two"), f"{card['with_1']} · {card['with_2']}", _("people")),
        (_("Fewest for one person"), card["fewest"], _("meetings")),
        (_("Minimums missed"), card["minimums_missed"], _("people")),
        (_("Idle slots"), card["idle_slots"], _("between meetings")),
        (_("Changes of place"), card["location_changes"], _("between meetings")),
        (_("Minutes walked"), card["walking_minutes"], _("longest %(minutes)s", minutes=card["longest_walk"])),
        (_("Places used"), card["table_slots"], _("of %(places)s", places=card["table_slots_open"])),
        (_("Value"), number(int(draft.value)), _("bound %(bound)s", bound=number(whole(draft.bound)))),
        (_("Gap to the bound"), percent(draft.gap), _("at most")),
    ]


def comparison_rows(here: Draft, there: Draft, told: tuple[int, int]) -> list[tuple[str, str, str, str, str]]:
    """Return what two drafts differ in: label, figure here, figure there, words, verdict."""
    rows = [_row(_(one.label), here.scores[one.key], there.scores[one.key], one.better) for one in FIGURES]
    return [*rows, _gap_row(here.gap, there.gap), _row(_("Told if published"), *told, FEWER)]


def class_rows(here: Draft, there: Draft) -> list[tuple[str, str, str, str, str]]:
    """Return, for each class of wish, how many meetings two drafts hold, as rows of a comparison."""
    return [
        _row(_(label), here.scores["classes"][klass][0], there.scores["classes"][klass][0], MORE)
        for klass, label in CLASS_LABELS.items()
    ]


def _gap_row(here: float, there: float) -> tuple[str, str, str, str, str]:
    verdict = _verdict(round((here - there) * 10_000), FEWER)
    words_of = {"better": _("smaller, better"), "worse": _("larger, worse"), "": _("equal")}
    return _("Gap to the bound"), percent(here), percent(there), words_of[verdict], verdict


def _row(label: str, here: int, there: int, better: str) -> tuple[str, str, str, str, str]:
    verdict = _verdict(here - there, better)
    return label, number(here), number(there), _difference(here - there, verdict), verdict


def _verdict(difference: int, better: str) -> str:
    if difference == 0 or better == NEUTRAL:
        return ""
    return "better" if (difference > 0) == (better == MORE) else "worse"


def _difference(difference: int, verdict: str) -> str:
    if difference == 0:
        return _("equal")
    more, fewer = DIFFERENCES[verdict]
    return _(more if difference > 0 else fewer, count=number(abs(difference)))
