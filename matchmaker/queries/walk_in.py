"""What the desk asks of an event for somebody who comes unannounced: what is offered there, and by whom."""

from __future__ import annotations

from collections.abc import Mapping

from matchmaker.domain.taxonomy import complement
from matchmaker.models import Organisation, Texts
from matchmaker.queries import directory
from matchmaker.queries.book import book

MOST = 40
"""So many who fit are looked at; a guest gets a handful of places."""


def offered(event_id: int) -> frozenset[str]:
    """Return the topics that somebody of the event offers."""
    return frozenset[str]().union(*(one.offers for one in book(event_id).values() if one.listed and one.present))


def organisations(event_id: int) -> list[Texts]:
    """Return the names of the organisations that take part."""
    return [one.names for one in book(event_id).values() if one.listed and one.present]


def codes(event_id: int) -> Mapping[int, str]:
    """Return the code of each organisation."""
    return {one.id: one.code for one in book(event_id).values()}


def wished(organisation: Organisation) -> list[int]:
    """Return whom an organisation wishes to meet, the most important first."""
    ids = book(organisation.event_id).ids
    return [ids[row.code] for row in directory.own_wishes(organisation) if row.code in ids]


def fitting(organisation: Organisation) -> list[int]:
    """Return the organisations that complete one, the best first: that offer what it needs, or need what it offers."""
    all_ = book(organisation.event_id)
    own = all_[organisation.id]
    found = [all_[id_] for id_ in all_.completing(own) if id_ != own.id]
    scored = [
        (-complement(own.offers, own.needs, one.offers, one.needs).score, one.id)
        for one in found
        if one.listed and one.present
    ]
    return [id_ for _score, id_ in sorted(scored)[:MOST]]
