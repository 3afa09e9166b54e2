"""Runs the migrations on the application's own engine, or writes them as SQL when asked offline."""

from __future__ import annotations

from alembic import context
from flask import current_app

from matchmaker.models import Base
from matchmaker.models.base import Instant
from matchmaker.unit_of_work import WRITES

TASK_QUEUE = "procrastinate_"  # tables of the task queue's own migrations


def ours(_object, name, kind, _reflected, _compare_to):
    """Tell autogenerate which tables are this project's."""
    return not (kind == "table" and name.startswith(TASK_QUEUE))


def plain(kind, item, _autogen):
    """Write our own column types as what the database sees, so that old migrations need none of our code."""
    return "sa.DateTime()" if kind == "type" and isinstance(item, Instant) else False


def run() -> None:
    engine = current_app.extensions["migrate"].db.engine
    options = {
        "target_metadata": Base.metadata,
        "include_object": ours,
        "render_as_batch": True,
        "compare_type": True,
        "render_item": plain,
    }
    if context.is_offline_mode():
        context.configure(url=str(engine.url), literal_binds=True, **options)
        with context.begin_transaction():
            context.run_migrations()
        return
    with engine.connect().execution_options(**{WRITES: True}) as connection:
        context.configure(connection=connection, **options)
        with context.begin_transaction():
            context.run_migrations()


run()
