"""Loaded by the server that children are forked from, and by nobody else: what each child would have to load."""

from __future__ import annotations

import tempfile
from pathlib import Path

from matchmaker.app import create_app
from matchmaker.settings import Settings
from tests.prove import table

with tempfile.TemporaryDirectory() as folder:
    create_app(Settings(data_folder=Path(folder), secret_key="only to load what is needed"))
ROWS = table.ROWS
