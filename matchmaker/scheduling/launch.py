"""The last step before the solver's process becomes the solver: its limits, and who it dies with.

Run as ``python -m matchmaker.scheduling.launch MEGABYTES PARENT ARGUMENT…``; the arguments are the solver's.
It is a process of its own because setting limits between fork and exec is not safe beside threads.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import sys

PR_SET_PDEATHSIG = 1


def main(arguments: list[str]) -> None:
    """Take the limits on, then become ``python -m solver``."""
    megabytes, parent, *command = arguments
    resource.setrlimit(resource.RLIMIT_AS, (int(megabytes) * 2**20,) * 2)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    die_with_parent(int(parent))
    os.execv(sys.executable, [sys.executable, "-m", "solver", *command])  # noqa: S606 -- our own interpreter


def die_with_parent(parent: int) -> None:
    """Ask the kernel to end this process when its parent ends, however that ends."""
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:  # it died before we asked
        sys.exit(1)


if __name__ == "__main__":
    main(sys.argv[1:])
