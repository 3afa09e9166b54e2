"""What a rehearsal is told by: figures, and what they say is to be mended.

No name is in them; places and organisations stand there by their codes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from matchmaker.domain.happening import Happening
from matchmaker.domain.scoring import PairClass
from matchmaker.queries import demand, rehearsed
from matchmaker.queries.report import Report, report
from matchmaker.rehearsal.stage import Facts

MOST_NAMED = 3
"""Of so many organisations it is said that too many want them."""
ALMOST_ALL, FEW = 90, 50
"""In percent of the tables of an hour: from the one on there is no spare table, to the other many stand empty."""
MANY = 4
"""People by their meetings: none, one, two, three or more."""


@dataclass(frozen=True, slots=True)
class Eve:
    """What the schedule promised before the first day: its report, people's meetings, the draft's score card."""

    report: Report
    meetings: Counter[int]
    scores: Mapping[str, Any]


def figures(event_id: int, eve: Eve, additions: Iterable[tuple[Facts, Facts]], repairs: Sequence[Facts]) -> Facts:
    """Return what came of the event that was played, compared with what had been scheduled on its eve."""
    after = report(event_id)
    people = rehearsed.may_meet(event_id)
    held = rehearsed.meetings_of_people(event_id)[1]
    of_class = rehearsed.requests_by_class(event_id)
    wanted = demand.demand(event_id)
    promised = {id_: least for id_, least in people.items() if least}
    found: Facts = {
        "size": {"people": len(people), "organisations": wanted.organisations, "wanted": eve.scores["wanted"]},
        "classes": {
            str(klass): [*reversed(eve.scores["classes"][str(klass)]), of_class[str(klass)][1]] for klass in PairClass
        },
        "people": {"scheduled": _spread(people, eve.meetings), "held": _spread(people, held)},
        "without": eve.scores["with_0"],
        "minimums": {
            "people": len(promised),
            "before": sum(eve.meetings[id_] < least for id_, least in promised.items()),
            "after": sum(held[id_] < least for id_, least in promised.items()),
        },
        "meetings": {
            "planned": eve.report.totals.scheduled,
            "scheduled": after.totals.scheduled,
            "held": after.totals.held,
            "no_shows": after.totals.no_shows,
            "cancelled": after.totals.cancelled,
        },
        "feedback": _feedback(after),
        "repairs": list(repairs),
        "mails": {kind: rehearsed.mails(event_id).get(kind, 0) for kind in ("provisional", "final", "changes")},
        "otherwise": rehearsed.told_otherwise(event_id, people),
        "tables": tables(event_id, eve.report),
    }
    emptyhanded = sum(eve.meetings[id_] > 0 and not held[id_] for id_ in people)
    return {**found, "mend": mend(found, wanted, list(additions), emptyhanded)}


def tables(event_id: int, found: Report) -> list[Facts]:
    """Return how each hall was to be used: in all, and in its busiest hour; stands together without a place."""
    codes = rehearsed.codes_of_places(event_id)
    rows = []
    for hall in found.halls:
        uses = {key[1:]: use for key, use in found.use.items() if key[0] == hall and use.places}
        if not uses:
            continue
        (day, hour), peak = max(uses.items(), key=lambda item: item[1].used / item[1].places)
        rows.append(
            {
                "place": codes.get(hall) if hall else None,
                "used": sum(use.used for use in uses.values()),
                "places": sum(use.places for use in uses.values()),
                "peak": {"day": day.isoformat(), "hour": hour, "used": peak.used, "places": peak.places},
            }
        )
    return rows


def mend(
    found: Facts, wanted: demand.Demand, additions: Sequence[tuple[Facts, Facts]], emptyhanded: int
) -> list[Facts]:
    """Return what the figures say is to be mended, the most pressing first; each has a kind and its own facts."""
    return [
        *_too_wanted(wanted, additions),
        *_when(found["without"], {"kind": "without", "people": found["without"]}),
        *_when(found["minimums"]["before"], {"kind": "minimums", **found["minimums"]}),
        *_of_repairs(found["repairs"]),
        *_when(emptyhanded, {"kind": "emptyhanded", "people": emptyhanded}),
        *_of_tables(found["tables"]),
        *_more(additions),
        *_when(found["otherwise"], {"kind": "otherwise", "people": found["otherwise"]}),
        *_when(wanted.silent, {"kind": "silent", "organisations": wanted.silent}),
    ]


def _too_wanted(wanted: demand.Demand, additions: Sequence[tuple[Facts, Facts]]) -> list[Facts]:
    brought = {
        addition["organisation"]: answer["meetings"]
        for addition, answer in additions
        if addition["kind"] == "representative"
    }
    pressed = sorted(
        (one for one in wanted.wanted if one.asked_by > one.slots), key=lambda one: (one.slots - one.asked_by, one.code)
    )
    return [
        {
            "kind": "wanted",
            "organisation": one.code,
            "asked": one.asked_by,
            "slots": one.slots,
            "more": max(0, brought.get(one.code, 0)),
        }
        for one in pressed[:MOST_NAMED]
    ]


def _of_repairs(repairs: Sequence[Facts]) -> list[Facts]:
    closed = [one for one in repairs if one["kind"] == Happening.CLOSED and one.get("cancelled")]
    failed = sum(one["came"] == "failed" for one in repairs)
    return [
        *_when(failed, {"kind": "unmended", "repairs": failed}),
        *({"kind": "closed", "place": one["place"], "cancelled": one["cancelled"]} for one in closed),
    ]


def _of_tables(rows: Sequence[Facts]) -> list[Facts]:
    halls = [row for row in rows if row["place"]]
    found: list[Facts] = []
    for row in halls:
        share = 100 * row["peak"]["used"] / row["peak"]["places"]
        if share >= ALMOST_ALL:
            found.append({"kind": "full", "place": row["place"], **row["peak"]})
        elif share <= FEW and row["used"]:
            found.append({"kind": "spare", "place": row["place"], **row["peak"]})
    return found


def _more(additions: Sequence[tuple[Facts, Facts]]) -> list[Facts]:
    """Return what a table or a slot more would bring, where the schedule found with it holds more meetings."""
    return [
        {"kind": addition["kind"], "place": addition.get("location"), "more": answer["meetings"]}
        for addition, answer in additions
        if addition["kind"] in {"table", "slot"} and answer["meetings"] > 0
    ]


def _feedback(found: Report) -> Facts:
    whole = found.useful.whole
    return {"answers": whole.answers, "useful": whole.useful} if whole else {"answers": 0, "useful": 0}


def _spread(people: Iterable[int], meetings: Mapping[int, int]) -> list[int]:
    counts = Counter(min(meetings.get(id_, 0), MANY - 1) for id_ in people)
    return [counts[number] for number in range(MANY)]


def _when(condition: object, fact: Facts) -> list[Facts]:
    return [fact] if condition else []
