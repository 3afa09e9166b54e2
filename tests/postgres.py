"""A PostgreSQL server of the tests' own: a fresh cluster on a socket, gone when the tests are."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SUPERUSER = "postgres"


def binaries() -> Path | None:
    """Return the folder of initdb and postgres, or None where there is no server."""
    found = [
        Path(place).parent for place in [shutil.which("initdb")] if place and (Path(place).parent / "postgres").exists()
    ]
    found += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((folder for folder in found if (folder / "postgres").exists() and (folder / "initdb").exists()), None)


@contextmanager
def server() -> Iterator[str]:
    """Run a server and yield the address of its socket folder."""
    folder = binaries()
    if folder is None:
        raise FileNotFoundError("no PostgreSQL server (initdb, postgres) on this machine")
    home = Path(tempfile.mkdtemp(prefix="pg"))
    try:
        _own(home)
        data = home / "data"
        _run(folder / "initdb", "-D", data, "-U", SUPERUSER, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
        options = f"-k {home} -c listen_addresses='' -c fsync=off -c max_connections=50"
        _run(folder / "pg_ctl", "-D", data, "-l", home / "log", "-w", "-o", options, "start")
        try:
            yield str(home)
        finally:
            _run(folder / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _own(home: Path) -> None:
    """The server refuses to run as root: then it runs as the system's own postgres user."""
    if os.geteuid() == 0:
        shutil.chown(home, SUPERUSER, SUPERUSER)


def _run(*command: object) -> None:
    words = [str(word) for word in command]
    if os.geteuid() == 0:
        words = ["runuser", "-u", SUPERUSER, "--", *words]
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL, cwd="/")
