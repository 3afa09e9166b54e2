"""The delegations of an event: made, named, given a head, joined and left, dissolved."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from matchmaker import clock
from matchmaker.domain import zones
from matchmaker.domain.alphabet import in_order
from matchmaker.models import Delegation, Organisation, Texts
from matchmaker.permissions import Caller, open_to
from matchmaker.queries import delegations as found
from matchmaker.queries.delegation import Party, parties_of
from matchmaker.queries.demand import silent_organisations
from matchmaker.services import delegations
from matchmaker.web import languages
from matchmaker.web.acts import acted
from matchmaker.web.conflicts import kept, status, told, troubles
from matchmaker.web.context import isolated, words
from matchmaker.web.forms.delegations import DelegationForm, ListForm, NewDelegationForm
from matchmaker.web.forms.parts import ConfirmForm, options
from matchmaker.web.incoming import number

bp = Blueprint("delegations", __name__, url_prefix="/o/<slug>/delegations")

MOST_NAMED = 8
"""How many of a long list one sentence names."""


@bp.get("")
@open_to(Caller.VIEWER)
def index(slug: str) -> str:  # noqa: ARG001 -- the gate reads it
    """List the delegations in the order of the alphabet, and how each stands."""
    standings = sorted(found.standings(g.event.id), key=lambda one: _in_order(one.delegation.names))
    return render_template("organiser/delegations.html", standings=standings)


@bp.route("/new", methods=["GET", "POST"])
@open_to(Caller.ORGANISER)
def add(slug: str) -> ResponseReturnValue:
    """Make a delegation."""
    form, made = NewDelegationForm(), list[int]()
    if form.validate_on_submit() and kept(
        form, lambda: made.append(delegations.add_delegation(g.event.id, "", form.names.texts, **acted()))
    ):
        flash(_("The delegation is made. Add its organisations, then choose its head."), "good")
        return _back(slug, made[0])
    return render_template("organiser/new_delegation.html", form=form, troubles=troubles(form)), status(form)


@bp.get("/<int:delegation_id>")
@open_to(Caller.VIEWER)
def show(slug: str, delegation_id: int) -> str:  # noqa: ARG001 -- the gate reads it
    """Show who is of a delegation; with words to look for, who could be."""
    return _page(found.access_delegation(g.event.id, delegation_id))


@bp.post("/<int:delegation_id>")
@open_to(Caller.ORGANISER)
def change(slug: str, delegation_id: int) -> ResponseReturnValue:
    """Say what the delegation is called and who heads it."""
    row = found.access_delegation(g.event.id, delegation_id)
    form = _form(row, _parties(row))
    if form.validate_on_submit() and kept(
        form,
        lambda: delegations.change_delegation(
            g.event.id, delegation_id, form.names.texts, form.head_id.data or None, revision=form.seen, **acted()
        ),
    ):
        flash(_("The delegation is saved."), "good")
        return _back(slug, delegation_id)
    return _page(row, form=form), status(form)


@bp.post("/<int:delegation_id>/join")
@open_to(Caller.ORGANISER)
def join(slug: str, delegation_id: int) -> ResponseReturnValue:
    """Add the organisations that were ticked, or all that were found."""
    found.access_delegation(g.event.id, delegation_id)
    if ConfirmForm().validate_on_submit():
        codes = request.form.getlist("found" if "all" in request.form else "organisation")
        joined = delegations.join(g.event.id, delegation_id, codes, **acted())
        _tell(joined)
    return _back(slug, delegation_id)


@bp.post("/<int:delegation_id>/list")
@open_to(Caller.ORGANISER)
def paste(slug: str, delegation_id: int) -> ResponseReturnValue:
    """Add the organisations that a list names; the lines that could not be taken stay, each with its reason."""
    row = found.access_delegation(g.event.id, delegation_id)
    form = ListForm()
    if not form.validate_on_submit():
        return _page(row, list_form=form), status(form)
    named = found.named(g.event.id, (form.lines.data or "").splitlines())
    joined = delegations.join(g.event.id, delegation_id, named.codes, **acted())
    _tell(joined)
    stay = [named.line_of[code] for code in joined.elsewhere]
    left = [*named.unknown, *named.several, *stay]
    if not left:
        return _back(slug, delegation_id)
    form.lines.data, form.lines.errors = "\n".join(left), _reasons(named)
    return _page(row, list_form=form), status(form)


@bp.post("/<int:delegation_id>/leave")
@open_to(Caller.ORGANISER)
def leave(slug: str, delegation_id: int) -> ResponseReturnValue:
    """Take an organisation out of the delegation."""
    found.access_delegation(g.event.id, delegation_id)
    headless = list[bool]()
    code = request.form.get("organisation", "")
    if told(
        ConfirmForm(),
        lambda: headless.append(delegations.leave(g.event.id, delegation_id, code, **acted())),
        _("The organisation is of the delegation no more; it stays in the event."),
    ) and any(headless):
        flash(_("The head of the delegation was of this organisation. Choose another head."), "wait")
    return _back(slug, delegation_id)


@bp.post("/<int:delegation_id>/dissolve")
@open_to(Caller.ORGANISER)
def dissolve(slug: str, delegation_id: int) -> ResponseReturnValue:
    """Take the delegation away; its organisations stay."""
    found.access_delegation(g.event.id, delegation_id)
    act = partial(delegations.dissolve, g.event.id, delegation_id, number("count", 0, request.form), **acted())
    if told(ConfirmForm(), act, _("The delegation is dissolved. Its organisations stay in the event.")):
        return redirect(url_for("delegations.index", slug=slug), code=303)
    return _back(slug, delegation_id)


def _back(slug: str, delegation_id: int) -> ResponseReturnValue:
    return redirect(url_for("delegations.show", slug=slug, delegation_id=delegation_id), code=303)


def _page(row: Delegation, form: DelegationForm | None = None, list_form: ListForm | None = None) -> str:
    """Show a delegation; ``form`` and ``list_form`` are those that came back."""
    parties = _parties(row)
    search = request.args.get("q", "")[:100]
    shown = form or _form(row, parties, formdata=None)
    lines = list_form or ListForm(formdata=None)
    return render_template(
        "organiser/delegation.html",
        row=row,
        head=found.head(row),
        parties=parties,
        silent=silent_organisations(g.event.id),
        search=search,
        found=found.outside(g.event.id, row.id, search),
        most=found.MOST_FOUND,
        form=shown,
        list_form=lines,
        troubles=[*troubles(shown), *troubles(lines)],
    )


def _parties(row: Delegation) -> list[Party]:
    parties = parties_of(row.id, zones.wall(clock.now(), g.event.zone))
    return sorted(parties, key=lambda party: _in_order(party.organisation.names))


def _form(row: Delegation, parties: Sequence[Party], **kwargs: None) -> DelegationForm:
    form = DelegationForm(prefix="delegation", **kwargs)
    form.head_id.choices = options(_heads(row, parties))
    if not form.is_submitted() or kwargs:
        form.show(row)
    return form


def _heads(row: Delegation, parties: Sequence[Party]) -> list[tuple[int, str]]:
    """Return who could head the delegation; a head who has withdrawn stays until another is chosen."""
    people = [(one.person, party.organisation) for party in parties for one in party.members]
    choices = [(0, _("(nobody yet)")), *((person.id, _called(person.account.names, of.names)) for person, of in people)]
    current = found.head(row)
    if current is not None and current.id not in {id_ for id_, _words in choices}:
        name = _called(current.account.names, current.organisation.names)
        choices.append((current.id, _("%(name)s (withdrawn)", name=name)))
    return choices


def _called(names: Texts, organisation: Texts) -> str:
    return f"{isolated(words(names))}{_(', ')}{isolated(words(organisation))}"


def _tell(joined: delegations.Joined) -> None:
    """Say how many came, and who is of another delegation and stays there."""
    if joined.count:
        flash(_joined(joined.count), "good")
    elif not joined.elsewhere:
        flash(_("Nobody was added: none was chosen, or all are of the delegation already."), "wait")
    if joined.elsewhere:
        flash(_elsewhere(found.called(g.event.id, joined.elsewhere)), "stop")


def _joined(count: int) -> str:
    return ngettext(
        "%(num)s organisation is of the delegation now.", "%(num)s organisations are of the delegation now.", count
    )


def _elsewhere(rows: Sequence[tuple[Organisation, Delegation | None]]) -> str:
    named = [f"{isolated(words(one.names))} ({isolated(words(of.names))})" for one, of in rows if of]
    return ngettext(
        "%(who)s is of another delegation already, and stays there. Take it out there first.",
        "%(num)s organisations are of other delegations already, and stay there. Take them out there first: %(who)s.",
        len(named),
        who=_listed(named),
    )


def _reasons(named: found.Named) -> list[str]:
    reasons = []
    if named.unknown:
        reasons.append(_("Nobody of the event has this name: %(lines)s.", lines=_listed(named.unknown)))
    if named.several:
        several = _listed(named.several)
        reasons.append(
            _("Several organisations go by this name, so look for the one you mean: %(lines)s.", lines=several)
        )
    return reasons


def _listed(lines: Sequence[str]) -> str:
    shown = [isolated(line[:60]) for line in lines[:MOST_NAMED]]
    return _(", ").join([*shown, "…"] if len(lines) > MOST_NAMED else shown)


def _in_order(names: Texts) -> tuple[bool, str]:
    return in_order(words(names), str(languages.current()))
