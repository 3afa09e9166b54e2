"""``python -m matchmaker``."""

from __future__ import annotations

import sys

from matchmaker.cli import main

sys.exit(main())
