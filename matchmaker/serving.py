"""How the pages are served: one command for a server of its own and for the demo; gunicorn reads its hooks here too."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from matchmaker.memory import set_apart

BESIDE = "matchmaker.beside"
"""Under this name a process that serves pages has a thread, among the application's extensions, for what can wait."""


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
    """Compile the pages, which are here to stay as the code is."""
    for name in environment.list_templates(extensions=["html"]):
        environment.get_template(name)
    set_apart()


def _memory_folder() -> str:
    return "/dev/shm" if Path("/dev/shm").is_dir() else "/tmp"  # noqa: S108  gunicorn's heartbeat file only
