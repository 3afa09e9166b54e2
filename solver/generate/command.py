"""The command ``generate``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from solver.command import BAD_INPUT, say
from solver.generate import SIZES, generate
from solver.generate.writing import write_event

if TYPE_CHECKING:
    import argparse


def generate_command(options: argparse.Namespace) -> int:
    output = options.output
    event = generate(options.size, tight=options.tight, features=options.features == "all", seed=options.seed)
    try:
        write_event(event, output)
    except OSError as error:
        return say(f"{output or 'stdout'}: {error.strerror}; expected a place to write to", BAD_INPUT)
    size = SIZES[options.size]
    tight = f", tight {' and '.join(options.tight)}" if options.tight else ""
    return say(
        f"{size.name}, seed {options.seed}: {size.people} people, {size.requests} requests, "
        f"{size.slots} slots, {size.tables} tables{tight}, features {options.features}"
    )
