"""A child process with little memory and little time for what somebody sent, whatever that does."""

from __future__ import annotations

import resource
import subprocess
import sys

from matchmaker.paths import environment_alone

MEMORY = 768 * 1024 * 1024
SECONDS = 15


def run(module: str, *arguments: str, content: bytes) -> bytes | None:
    """Return what a module writes when it reads ``content`` as a program; None if it died or took too long."""
    command = [sys.executable, "-m", module, *arguments]
    try:
        done = subprocess.run(
            command, input=content, capture_output=True, timeout=SECONDS + 5, check=False, env=environment_alone()
        )
    except subprocess.TimeoutExpired:
        return None
    return None if done.returncode else done.stdout


def limit() -> None:
    """Be capped from here on: the first thing that such a program does."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
