"""How the pages are served: one command for a server of its own and for the demo."""

from __future__ import annotations

import sys
from pathlib import Path


def server_command(bind: str, processes: int) -> list[str]:
    """Return the command that serves the pages at an address, by so many processes of 16 threads."""
    command = [sys.executable, "-m", "gunicorn", "--bind", bind, "--workers", str(processes)]
    command += ["--worker-class", "gthread", "--threads", "16", "--worker-tmp-dir", _memory_folder()]
    return [*command, "--log-level", "warning", "--graceful-timeout", "3", "matchmaker.app:create_app()"]


def _memory_folder() -> str:
    return "/dev/shm" if Path("/dev/shm").is_dir() else "/tmp"  # noqa: S108  gunicorn's heartbeat file only
