"""How the pages are served: one command for a server of its own and for the demo; gunicorn reads its hooks here too."""

from __future__ import annotations

import gc
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from sqlalchemy.orm import configure_mappers

BESIDE = "matchmaker.beside"
"""Under this name a process that serves pages has a thread, among the application's extensions, for what can wait."""

NEW_OBJECTS = 10_000
"""The collector of garbage looks at new objects once there are so many; a page makes more than Python's own 700."""


def server_command(bind: str, processes: int) -> list[str]:
    """Return the command that serves the pages at an address, by so many processes of 16 threads."""
    command = [sys.executable, "-m", "gunicorn", "--bind", bind, "--workers", str(processes)]
    command += ["--worker-class", "gthread", "--threads", "16", "--worker-tmp-dir", _memory_folder()]
    command += ["--log-level", "warning", "--graceful-timeout", "3", "--config", f"python:{__name__}"]
    return [*command, "matchmaker.app:create_app()"]


def post_worker_init(worker: Any) -> None:
    """Make a process ready beside its first requests, so that those who come early do not wait for it."""
    beside = worker.wsgi.extensions[BESIDE] = ThreadPoolExecutor(1, "beside")
    beside.submit(_warm, worker.wsgi.jinja_env)


def _warm(environment: Any) -> None:
    """Compile the pages, and set apart what is here to stay.

    The collector of garbage stops everybody while it looks through all there is, code and pages for the greater
    part: 200 ms every fifty agendas, which is felt by whoever waits at that moment. It does so once enough is in use
    that was not before: looking seldom, it seldom meets what a page has made and will let go.
    """
    for name in environment.list_templates(extensions=["html"]):
        environment.get_template(name)
    configure_mappers()
    gc.collect()
    gc.freeze()
    gc.set_threshold(NEW_OBJECTS)


def _memory_folder() -> str:
    return "/dev/shm" if Path("/dev/shm").is_dir() else "/tmp"  # noqa: S108  gunicorn's heartbeat file only
