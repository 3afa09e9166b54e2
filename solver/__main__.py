"""``python -m solver``: the solver as a command."""

from __future__ import annotations

from solver.command import main

if __name__ == "__main__":
    main()
