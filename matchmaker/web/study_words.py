"""What organisers read of studies: of which moment they are, and what each addition would bring."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from math import ceil, floor
from typing import Any, NamedTuple

from flask import g
from flask_babel import gettext as _

from matchmaker.domain import zones
from matchmaker.domain.wording import N_
from matchmaker.models import Study, Texts

FAILURES: Mapping[str, str] = {
    "nothing_found": N_("Nothing was found in the time given. Ask again when the machine is less busy."),
    "memory": N_("It needed more memory than it may have. Close other programs or raise the limit."),
    "worker": N_("The program that works it out stopped meanwhile. Ask again."),
}
OTHERWISE = N_("It could not be worked out. Nothing was lost; ask again.")
ROUNDING = 1e-6
HALF = 50  # percent


class Brought(NamedTuple):
    """An addition and what it would bring: surely ``least``, at most ``most``; ``meetings`` in the schedules found."""

    kind: str
    names: Texts
    day: dt.date | None
    start: dt.time | None
    end: dt.time | None
    least: int
    most: int
    meetings: int


def brought(study: Study, names: Mapping[str, Texts]) -> list[Brought]:
    """Return what each addition of a study would bring; ``names`` are those of places and organisations, by code."""
    pairs = zip(study.question["additions"], study.result["answers"], strict=True)
    return [_brought(addition, answer, names) for addition, answer in pairs]


def _brought(addition: Mapping[str, Any], answer: Mapping[str, Any], names: Mapping[str, Texts]) -> Brought:
    code = addition.get("location") or addition.get("organisation") or ""
    day = dt.date.fromisoformat(addition["day"]) if "day" in addition else None
    least = max(0, ceil(answer["at_least"] - ROUNDING))  # what is added need not be used
    return Brought(
        addition["kind"],
        names.get(code, {"en": code}),
        day,
        _clock(addition.get("start")),
        _clock(addition.get("end")),
        least,
        max(least, floor(answer["at_most"] + ROUNDING)),
        answer["meetings"],
    )


def _clock(minutes: int | None) -> dt.time | None:
    return None if minutes is None else dt.time(minutes // 60, minutes % 60)


def moment(study: Study) -> dt.datetime:
    """Return when the wishes of a study were read, on the event's clock."""
    return zones.wall(study.created_at, g.event.zone)


def failure(study: Study) -> str:
    """Say why a study has no answers."""
    return _(FAILURES.get(study.failure, OTHERWISE))


def times(percent: int) -> str:
    """Write what bonuses are multiplied by: ×0, ×½, ×2; the same in all languages."""
    return "×½" if percent == HALF else f"×{percent // 100}"
