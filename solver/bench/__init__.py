"""Measuring the solver: each instance in a process of its own, its answer checked, its figures in a table."""
