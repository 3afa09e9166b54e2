"""The report for the host: as a page, as a spreadsheet, on paper."""

from __future__ import annotations

from flask import Blueprint, Response, g, render_template

from matchmaker.paper.report import report_pdf
from matchmaker.permissions import Caller, open_to
from matchmaker.queries import report_words
from matchmaker.queries.report import report
from matchmaker.sheets.cells import XLSX
from matchmaker.sheets.report import report_sheets
from matchmaker.web.files import attached

bp = Blueprint("report", __name__, url_prefix="/o/<slug>/report")


@bp.get("")
@open_to(Caller.VIEWER)
def show(slug: str) -> str:  # noqa: ARG001 -- the gate reads it
    """Show what came of the event."""
    found = report(g.event.id)
    return render_template("organiser/report.html", report=found, parts=report_words.sections(found))


@bp.get("/report.xlsx")
@open_to(Caller.VIEWER)
def sheet(slug: str) -> Response:
    """Give all figures as a spreadsheet."""
    content = report_sheets(report_words.sections(report(g.event.id)))
    return attached(content, XLSX, f"{slug}-report.xlsx")


@bp.get("/report.pdf")
@open_to(Caller.VIEWER)
def pdf(slug: str) -> Response:
    """Give the report with its charts, to be printed."""
    found = report(g.event.id)
    return attached(report_pdf(found, report_words.sections(found)), "application/pdf", f"{slug}-report.pdf")
