"""Other programs on the same instances: RC2 (MaxSAT) and clingo (answer sets), with the published model.

After Bofill et al., "Constraint Solving Approaches to the Business-to-Business Meeting Scheduling Problem",
JAIR 74 (2022), https://jair.org/index.php/jair/article/view/12670: Booleans for meetings in slots, for used
slots and for "has met by then", the end of a break as the thing to be minimised, and the implied count of the
used slots of each person. ``python -m solver.bench.peers`` is a process of its own, so that its imports count.
"""

from __future__ import annotations

PEERS = {"rc2": "pysat", "clingo": "clingo"}  # the name of each, and of the module that it needs
EXTRA = "bench"  # the extra of the package that brings them
