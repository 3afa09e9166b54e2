"""The texts of messages: organisers write a subject and an opening of their own, and see what becomes of them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _

from matchmaker import clock
from matchmaker.domain.states import Locale
from matchmaker.domain.texts import OF_KIND, Part, Words, placeholders
from matchmaker.domain.wording import N_
from matchmaker.errors import NotFound
from matchmaker.mail.letters import Written
from matchmaker.mail.specimen import specimen
from matchmaker.permissions import Caller, open_to
from matchmaker.queries import texts as queries
from matchmaker.services import texts
from matchmaker.web import languages
from matchmaker.web.acts import acted
from matchmaker.web.conflicts import kept, status, told, troubles
from matchmaker.web.forms.parts import RevisedForm
from matchmaker.web.forms.texts import TextForm
from matchmaker.web.inbox import as_mail
from matchmaker.web.messages import KINDS

bp = Blueprint("texts", __name__, url_prefix="/o/<slug>/messages/texts")

WHEN: Mapping[str, str] = {
    "invitation": N_("when you invite those whom you entered"),
    "welcome": N_("when somebody registers, or the desk registers them"),
    "reminder": N_("when you remind those without wishes"),
    "waiting": N_("at nine, once a day, to those for whose answer others wait"),
    "agenda": N_("when a version is published, to those to whom it is the first"),
    "changes": N_("when a version, or an act on the day, changes somebody’s agenda"),
    "entry": N_("for each meeting, to those who chose invitations to single meetings"),
    "tomorrow": N_("at six on the eve of each day, to those who have something on it"),
    "thanks": N_("at nine after the last day, to those who had meetings"),
    "deletion": N_("a week before the announced day, to everybody"),
}
"""When each kind goes out."""
FIXED: Mapping[str, str] = {
    "invitation": N_("The link, until when it works, and how to have one’s data deleted."),
    "welcome": N_("The link, and until when it works."),
    "reminder": N_("When the wishes close, the link, and how to end reminders."),
    "waiting": N_("Who waits and until when, the link, and how to end such messages."),
    "agenda": N_("How many meetings there are and how firm they are, the meetings, the link and the files."),
    "changes": N_("Each change, the agenda as it is now, the link and the files."),
    "entry": N_("The meeting, and how invitations work. What takes a meeting back is always in our words."),
    "tomorrow": N_("The meetings of the day, the link, and how to end such messages."),
    "thanks": N_("Who sees what was answered, the link, and how to end such messages."),
    "deletion": N_("On which day the data is deleted, and what can be taken along until then."),
}
"""What stays as it is below the opening, because it is a fact or the law."""
MEANINGS: Mapping[str, str] = {
    "name": N_("the name of the reader"),
    "organisation": N_("the organisation of the reader"),
    "event": N_("the name of the event"),
    "place": N_("where the event is"),
    "dates": N_("the days of the event"),
    "link": N_("the address behind the button"),
    "requests": N_("how many ask for a meeting: “2 organisations ask to meet you”"),
    "version": N_("the number of the version"),
    "changes": N_("how many changes there are: “2 changes in your agenda”"),
    "meeting": N_("the organisation, the day and the hour"),
    "day": N_("the day of which the message speaks"),
}


@bp.get("")
@open_to(Caller.ORGANISER)
def index(slug: str) -> str:  # noqa: ARG001 -- the gate reads it
    """List the kinds of message, and which say something in the organisers' words."""
    edited = queries.edited(g.event.id)
    return render_template("organiser/texts.html", kinds=KINDS, when=WHEN, edited=edited, names=languages.NAMES)


@bp.route("/<message>", methods=["GET", "POST"])
@open_to(Caller.ORGANISER)
def edit(slug: str, message: str) -> ResponseReturnValue:
    """Write the texts of a kind; one button saves them, another only shows what they become."""
    _refuse_strange(message)
    form = TextForm()
    if request.method == "GET":
        form.show(queries.text(g.event.id, message))
    elif form.validate() and form.fits(message) and "show" not in request.form and _saved(form, message):
        flash(_("The texts are saved. Messages that wait go out in them as well."), "good")
        return redirect(url_for("texts.edit", slug=slug, message=message), code=303)
    return _page(form, message), status(form)


@bp.post("/<message>/mail/<language>")
@open_to(Caller.ORGANISER)
def mail(slug: str, message: str, language: str) -> ResponseReturnValue:  # noqa: ARG001 -- the gate reads it
    """Show the mail with what is written, saved or not, as a mail program does."""
    _refuse_strange(message)
    if language not in set(Locale):
        raise NotFound("language", language)
    form = TextForm()
    if not (form.validate() and form.fits(message)):
        return _page(form, message), status(form)
    return as_mail(_specimen(message, form.words, Locale(language)).html)


@bp.post("/<message>/ours")
@open_to(Caller.ORGANISER)
def ours(slug: str, message: str) -> ResponseReturnValue:
    """Give a kind our words back."""
    _refuse_strange(message)
    form = RevisedForm()
    act = partial(texts.give_back, g.event.id, message, revision=form.seen, **acted())
    told(form, act, _("The message has its own text back."))
    return redirect(url_for("texts.edit", slug=slug, message=message), code=303)


def _refuse_strange(kind: str) -> None:
    """Refuse a kind of message whose text is not written anew, or that does not exist."""
    if kind not in OF_KIND:
        raise NotFound("text", kind)


def _saved(form: TextForm, kind: str) -> bool:
    return kept(form, partial(texts.save, g.event.id, kind, form.words, revision=form.seen, **acted()))


def _specimen(kind: str, words: Words, locale: Locale) -> Written:
    return specimen(g.event, kind, words, locale, now=clock.now())


def _page(form: TextForm, kind: str) -> str:
    fits = not form.errors
    return render_template(
        "organiser/text.html",
        form=form,
        troubles=troubles(form),
        kind=kind,
        kinds=KINDS,
        when=WHEN[kind],
        fixed=FIXED[kind],
        parts=Part,
        ours={locale: _ours(kind, locale) for locale in Locale},
        placeholders=[(one, MEANINGS[one], _where(kind, one)) for one in MEANINGS if any(_where(kind, one))],
        letters={locale: _specimen(kind, form.words, locale) for locale in Locale} if fits else {},
        names=languages.NAMES,
        direction_of=languages.direction,
    )


def _ours(kind: str, locale: Locale) -> queries.Pattern:
    with force_locale(str(locale)):
        return queries.ours(kind)


def _where(kind: str, placeholder: str) -> tuple[bool, ...]:
    """Tell in which parts a placeholder may stand, in the order of the parts."""
    return tuple(placeholder in placeholders(kind, part) for part in Part)
