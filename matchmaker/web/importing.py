"""Importing a spreadsheet: send it, say what the columns hold, look at each row, confirm."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple, TypedDict

from flask import Blueprint, Response, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matchmaker.domain import answers, heads
from matchmaker.domain.answers import Answer, Standing
from matchmaker.domain.importing import Remark
from matchmaker.domain.states import ImportKind, ImportState, Role, WishLevel
from matchmaker.domain.twins import Choice, Judged, chosen, plan
from matchmaker.domain.wording import N_
from matchmaker.errors import InvalidValue, NotFound
from matchmaker.models import PeopleImport
from matchmaker.permissions import Caller, open_to
from matchmaker.queries import answering, exporting
from matchmaker.queries import importing as found
from matchmaker.queries.taxonomy import taxonomy
from matchmaker.services import importing
from matchmaker.sheets.capped import read_capped
from matchmaker.sheets.cells import XLSX
from matchmaker.sheets.people import people_sheet
from matchmaker.web.acts import acted
from matchmaker.web.conflicts import kept, status, told, troubles
from matchmaker.web.context import isolated
from matchmaker.web.files import attached
from matchmaker.web.forms.importing import ANSWER_CHOICES, CHOICES, KINDS, ColumnsForm, CountForm, RestForm, TableForm
from matchmaker.web.forms.parts import ConfirmForm
from matchmaker.web.incoming import number
from matchmaker.web.signing import account_id

bp = Blueprint("importing", __name__, url_prefix="/o/<slug>/people/import")

PAGE = 50
EXAMPLES = 3
ROW = re.compile(r"row-([0-9]{1,7})\Z")
LEVELS = {
    WishLevel.MUST: N_("Must meet"),
    WishLevel.LIKE: N_("Would like"),
    WishLevel.YES: N_("Yes"),
    WishLevel.NO: N_("No"),
    WishLevel.VETO: N_("No thanks"),
}
SHOWN = {
    "open": N_("Rows that wait for your choice"),
    "remarks": N_("Rows with a remark"),
    "all": N_("All rows"),
}


class Column(NamedTuple):
    """A column of the sheet as the page of columns shows it."""

    letter: str
    head: str
    examples: list[str]


class Shown(NamedTuple):
    """A row as the preview shows it."""

    judged: Judged
    remarks: list[tuple[str, str, bool]]
    chosen: Choice | None
    options: list[tuple[Choice, str]]


class AnswerShown(NamedTuple):
    """A row of wishes or times as the preview shows it."""

    answer: Answer
    remarks: list[tuple[str, str, bool]]
    chosen: Choice | None
    options: list[tuple[Choice, str]]


@bp.route("", methods=["GET", "POST"])
@open_to(Caller.ORGANISER)
def start(slug: str) -> ResponseReturnValue:
    """Take a table, as a file or pasted."""
    form = TableForm()
    made: list[int] = []
    if form.validate_on_submit() and kept(form, lambda: made.append(_begun(form))):
        return redirect(url_for("importing.columns", slug=slug, import_id=made[0]), code=303)
    page = render_template(
        "importing/start.html", form=form, troubles=troubles(form), unfinished=_unfinished(), kinds=KINDS
    )
    return page, status(form)


@bp.get("/people.xlsx")
@open_to(Caller.ORGANISER)
def export(slug: str) -> Response:  # noqa: ARG001 -- the gate reads it
    """Return everybody of the event as a file that can be imported again."""
    topics = {code: topic.names for code, topic in taxonomy().topics.items()}
    event_id = g.event.id
    said = exporting.wishes(event_id), exporting.times(event_id)
    types, together = exporting.types(event_id), exporting.delegations(event_id)
    content = people_sheet(exporting.everybody(event_id), *said, types, topics, delegations=together)
    return attached(content, XLSX, "people.xlsx")


@bp.route("/<int:import_id>/columns", methods=["GET", "POST"])
@open_to(Caller.ORGANISER)
def columns(slug: str, import_id: int) -> ResponseReturnValue:
    """Say what each column holds."""
    one = _import(import_id)
    width = max((len(cells) for _, cells in one.rows), default=0)
    form = ColumnsForm()
    form.fit(width, ImportKind(one.kind))
    if not form.is_submitted():
        form.show(one)
    elif form.validate() and kept(
        form, lambda: importing.settle(g.event.id, import_id, form.chosen, form.heads, revision=form.seen)
    ):
        return redirect(url_for("importing.show", slug=slug, import_id=import_id), code=303)
    page = render_template(
        "importing/columns.html", one=one, form=form, troubles=troubles(form), columns=_columns(one, width)
    )
    return page, status(form)


@bp.get("/<int:import_id>")
@open_to(Caller.ORGANISER)
def show(slug: str, import_id: int) -> str:  # noqa: ARG001 -- the gate reads it
    """Show what will be imported, how far it is, or what was."""
    one = _import(import_id)
    if one.state is not ImportState.DRAFT:
        return render_template("importing/progress.html", one=one)
    return _preview(one) if one.kind == ImportKind.PEOPLE else _answers(one)


@bp.get("/<int:import_id>/progress")
@open_to(Caller.ORGANISER)
def progress(slug: str, import_id: int) -> str:  # noqa: ARG001 -- the gate reads it
    """Show how far it is, as a piece of the page."""
    return render_template("importing/_progress.html", one=_import(import_id, whole=False))


@bp.post("/<int:import_id>/choices")
@open_to(Caller.ORGANISER)
def choose(slug: str, import_id: int) -> ResponseReturnValue:
    """Say what becomes of the rows of a page, and of all others that wait."""
    _import(import_id, whole=False)
    form = RestForm()
    rest = Choice(form.rest.data) if form.rest.data in set(Choice) else None
    told(
        form,
        lambda: importing.choose(g.event.id, import_id, _chosen(request.form), rest, **_seen()),
        _("Your choice is kept."),
    )
    return redirect(url_for("importing.show", slug=slug, import_id=import_id), code=303)


@bp.post("/<int:import_id>/confirm")
@open_to(Caller.ORGANISER)
def confirm(slug: str, import_id: int) -> ResponseReturnValue:
    """Have the people entered, as many as the reader was told."""
    _import(import_id, whole=False)
    form = CountForm()
    count = number("count", 0, request.form)
    told(
        form,
        lambda: importing.confirm(g.event.id, import_id, count, **_seen()),
        _("It is being entered. You may close this page."),
    )
    return redirect(url_for("importing.show", slug=slug, import_id=import_id), code=303)


@bp.post("/<int:import_id>/discard")
@open_to(Caller.ORGANISER)
def discard(slug: str, import_id: int) -> ResponseReturnValue:
    """Throw a table away."""
    _import(import_id, whole=False)
    told(ConfirmForm(), lambda: importing.discard(g.event.id, import_id), _("The table is deleted."))
    return redirect(url_for("importing.start", slug=slug), code=303)


def _import(import_id: int, *, whole: bool = True) -> PeopleImport:
    """Return an import of the event. A sheet of wishes may hold vetoes: only who sent it and owners look at it."""
    one = found.access_import(g.event.id, import_id, whole=whole)
    if not _is_for_reader(one):
        raise NotFound("import", import_id)
    return one


def _unfinished() -> list[PeopleImport]:
    return [one for one in found.unfinished(g.event.id) if _is_for_reader(one)]


def _is_for_reader(one: PeopleImport) -> bool:
    return one.kind != ImportKind.WISHES or g.role is Role.OWNER or one.made_by_id == account_id()


class Seeing(TypedDict):
    sees_vetoes: bool
    now: datetime


def _seen() -> Seeing:
    """Return what the reader sees, and when, as the last arguments of a service."""
    return {"sees_vetoes": g.role is Role.OWNER, "now": acted()["now"]}


def _begun(form: TableForm) -> int:
    """Read what was sent and keep it."""
    kind = ImportKind(form.kind.data)
    file, pasted = form.file.data, (form.pasted.data or "").strip("\r\n")
    name = getattr(file, "filename", "") or ""
    if not name and not pasted:
        raise InvalidValue("file", N_("Choose a file, or paste cells."))
    if name:
        read = read_capped(file.read(), kind=kind)
        title = f"{name} ({read.sheet})" if read.sheet else name
    else:
        read, title = read_capped(pasted.encode(), pasted=True), _("Pasted cells")
    return importing.begin(g.event.id, read.rows, kind=kind, title=title, others=read.others, **acted())


def _columns(one: PeopleImport, width: int) -> list[Column]:
    words = _heads(one)
    rows = [cells for _, cells in found.rows_below(one)]
    return [Column(heads.letter(at), words[at], _examples(rows, at)) for at in range(width)]


def _examples(rows: Sequence[list[heads.Cell]], at: int) -> list[str]:
    """Return the first cells of a column that differ and hold something."""
    there = dict.fromkeys(str(cells[at])[:40] for cells in rows[:200] if at < len(cells) and str(cells[at]).strip())
    return list(there)[:EXAMPLES]


def _preview(one: PeopleImport) -> str:
    judged, choices = found.judged(one), found.choices_of(one)
    open_rows = [row for row in judged if row.choices and chosen(row, choices) is None]
    page = _page(judged, open_rows, [row for row in judged if row.choices or row.line.remarks])
    words = _heads(one)
    return render_template(
        "importing/preview.html",
        one=one,
        plan=plan(judged, choices),
        wrong=sum(row.line.wrong for row in judged),
        maybe=sum(bool(row.choices) and not row.line.wrong for row in judged),
        rows=[_shown(row, choices, words) for row in page.pop("found")],
        rest_form=RestForm(formdata=None),
        **page,
    )


def _answers(one: PeopleImport) -> str:
    judged, choices = answering.judged(one, **_seen()), found.choices_of(one)
    open_rows = [row for row in judged if row.choices and choices.get(row.number) not in row.choices]
    page = _page(judged, open_rows, [row for row in judged if row.choices or row.remarks])
    words = _heads(one)
    rest_form = RestForm(formdata=None)
    rest_form.offer(ANSWER_CHOICES)
    return render_template(
        "importing/answers.html",
        one=one,
        plan=answers.plan(judged, choices),
        wrong=sum(row.wrong for row in judged),
        other=sum(bool(row.choices) and not row.wrong for row in judged),
        rows=[_answered(row, choices, words) for row in page.pop("found")],
        levels=LEVELS,
        rest_form=rest_form,
        **page,
    )


def _heads(one: PeopleImport) -> list[str]:
    return heads.texts(one.rows, found.heads_of(one), max((len(cells) for _, cells in one.rows), default=0))


def _page(judged: Sequence[Any], open_rows: Sequence[Any], remarked: Sequence[Any]) -> dict[str, Any]:
    """Return the page of rows that the address asks for, and the ways to the others."""
    lists = {"open": open_rows, "remarks": remarked, "all": judged}
    only = request.args.get("only", "")
    only = only if only in SHOWN else "open" if open_rows else "all"
    page = max(number("page", 1), 1)
    first = (page - 1) * PAGE
    counts = {name: len(rows) for name, rows in lists.items()}
    ways = {"lists": counts, "filters": SHOWN, "only": only, "page": page, "size": PAGE}
    return {**ways, "found": lists[only][first : first + PAGE]}


def _answered(row: Answer, choices: Mapping[int, Choice], words: Sequence[str]) -> AnswerShown:
    offered = [
        (choice, str(label) if row.standing is Standing.OTHER and not row.wrong else _("Leave out"))
        for choice, label in ANSWER_CHOICES
        if choice in row.choices
    ]
    remarks = [(_place(one, words), _said(one), one.wrong) for one in row.remarks]
    made = choices.get(row.number)
    return AnswerShown(row, remarks, made if made in row.choices else None, offered)


def _shown(row: Judged, choices: Mapping[int, Choice], words: Sequence[str]) -> Shown:
    offered = [(choice, _option(row, choice, label)) for choice, label in CHOICES if choice in row.choices]
    remarks = [(_place(one, words), _said(one), one.wrong) for one in row.line.remarks]
    return Shown(row, remarks, chosen(row, choices), offered)


def _option(row: Judged, choice: Choice, label: str) -> str:
    """Name what adding means where an organisation of this name is there."""
    return _("Add with an organisation of its own") if choice is Choice.ADD and row.party else str(label)


def _place(remark: Remark, words: Sequence[str]) -> str:
    if remark.column is None:
        return ""
    head = words[remark.column] if remark.column < len(words) else ""
    letter = heads.letter(remark.column)
    return _("%(head)s, column %(letter)s", head=isolated(head), letter=letter) if head else letter


def _said(remark: Remark) -> str:
    return _(remark.sentence, **{name: isolated(value) for name, value in remark.values.items()})


def _chosen(given: Mapping[str, str]) -> dict[int, Choice]:
    """Return the choices of the rows of a page, of those that were made."""
    rows = ((ROW.match(name), value) for name, value in given.items())
    return {int(row[1]): Choice(value) for row, value in rows if row and value in set(Choice)}
