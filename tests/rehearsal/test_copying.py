"""The copy that a rehearsal plays on: the whole event, and nobody in it who could be named or written to."""

import json
import sqlite3

import pytest

from matchmaker.app import create_app
from matchmaker.extensions import db
from matchmaker.models import Base, Participation, Request, Wish
from matchmaker.services import rehearsals
from matchmaker.services.steps.copying import OF_EVENT
from matchmaker.settings import Settings
from tests import marked
from tests.forum import a_forum

pytestmark = pytest.mark.usefixtures("app")
LEFT_BEHIND = {"mail", "version", "published_meeting", "run", "draft", "log_entry", "feedback", "sign_in_link"}


def rows(file, table):
    with sqlite3.connect(file) as connection:
        return len(connection.execute(db.select(Base.metadata.tables[table].c.id).compile().string).fetchall())


def test_a_copy_holds_the_event_and_no_word_of_its_people(now, tmp_path):
    forum = marked.a_marked_forum(now)

    rehearsals.copy(forum.id, tmp_path)

    file = tmp_path / rehearsals.COPY
    for kind in (Participation, Wish, Request):
        assert rows(file, kind.__tablename__) == db.session.query(kind).filter_by(event_id=forum.id).count() > 0
    assert {table: rows(file, table) for table in LEFT_BEHIND} == dict.fromkeys(LEFT_BEHIND, 0)
    content = "".join(connection_dump(file))
    told = (*marked.MARKS, *marked.OTHERS.values(), *marked.TEAM.values())
    assert [mark for mark in told if mark in content or json.dumps(mark)[1:-1] in content] == []
    assert "@example.org" not in content


@pytest.mark.postgresql
def test_an_event_of_postgresql_is_copied_as_well(tmp_path, postgresql_url, now):
    settings = Settings(data_folder=tmp_path, secret_key="only for this test", database_url=postgresql_url)
    with create_app(settings).app_context():
        Base.metadata.create_all(db.engine)
        forum = a_forum("a!b b!a a+c")
        rehearsals.copy(forum.id, tmp_path)
        db.session.remove()
        db.engine.dispose()

    file = tmp_path / rehearsals.COPY
    assert [rows(file, table) for table in ("participation", "wish", "slot")] == [3, 3, 6]


def connection_dump(file):
    with sqlite3.connect(file) as connection:
        return list(connection.iterdump())


def test_every_table_is_copied_or_left_behind_on_purpose():
    """A new table must be thought of: it belongs to what is played, or to what comes of it."""
    of_the_past = {
        *("attempt", "attendance", "change_request", "consent", "draft", "draft_meeting", "draft_step"),
        *("draft_unscheduled", "edition", "feedback", "hand_over", "lease", "log_entry", "logo", "mail"),
        *("message_text", "notice"),
        *("numbered_queue", "paper_pack", "queue_number", "standby_meeting", "standby_person", "standby_table"),
        *("people_import", "person_booking", "published_meeting", "published_unscheduled", "question_edition"),
        *("rehearsal", "run", "run_progress", "session_queue", "sign_in_link", "study", "table_booking", "version"),
    }
    copied = {"event", "account", *OF_EVENT}

    assert copied | of_the_past == set(Base.metadata.tables)
    assert copied & of_the_past == set()
