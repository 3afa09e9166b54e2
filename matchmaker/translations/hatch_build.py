"""Compiles the catalogues whenever a wheel or an sdist is built."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CatalogueHook(BuildHookInterface[Any]):
    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        here = Path(self.root) / "matchmaker" / "translations"
        sys.path.insert(0, str(here))
        from compiling import compile_catalogues  # noqa: PLC0415

        compile_catalogues(here)
