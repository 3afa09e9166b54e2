"""A clock that begins at a given moment and goes on from there."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta


def since(moment: datetime) -> Callable[[], datetime]:
    """Return a clock that shows ``moment`` now."""
    began = time.monotonic()
    return lambda: moment + timedelta(seconds=time.monotonic() - began)
