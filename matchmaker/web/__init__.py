"""HTTP in, HTML out: one blueprint a file. Nothing else in the house knows HTTP."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from flask import Blueprint, Flask

from matchmaker.web.signed_in import SignedIn, load_account

__all__ = ["SignedIn", "load_account", "register"]

ONLY_IN_DEMO = frozenset({"dev", "dev_inbox"})


def register(app: Flask) -> None:
    """Register the blueprint ``bp`` of every module of this room; those of development only in a demo."""
    for module in sorted(iter_modules(__path__), key=lambda module: module.name):
        blueprint = getattr(import_module(f"{__name__}.{module.name}"), "bp", None)
        if isinstance(blueprint, Blueprint) and (app.config["SETTINGS"].demo or blueprint.name not in ONLY_IN_DEMO):
            app.register_blueprint(blueprint)
