"""How fast messages may leave, in words: before they are published, and while they wait."""

from __future__ import annotations

from flask_babel import gettext as _

from matchmaker.domain.plain import left_to_right
from matchmaker.queries.sending import Pace
from matchmaker.web.context import long_day, number


def before(pace: Pace) -> str:
    """Say of messages that are about to be published how many leave at once, when the rest does and who can help."""
    return _(
        "Messages that leave at once: %(now)s of %(all)s. The others follow by themselves, the last by %(day)s: this"
        " event may send %(most)s in 24 hours. Whoever runs this installation can raise that before you publish, by"
        " the setting %(setting)s.",
        now=number(pace.at_once),
        all=number(pace.at_once + pace.later),
        day=long_day(pace.until),
        most=number(pace.most),
        setting=left_to_right(pace.setting),
    )


def waiting(pace: Pace) -> str:
    """Say the same of messages that wait."""
    return _(
        "Messages that cannot leave yet: %(later)s. They follow by themselves, the last by %(day)s: this event may"
        " send %(most)s in 24 hours. Whoever runs this installation can raise that by the setting %(setting)s.",
        later=number(pace.later),
        day=long_day(pace.until),
        most=number(pace.most),
        setting=left_to_right(pace.setting),
    )
