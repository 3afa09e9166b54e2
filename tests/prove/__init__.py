"""What is promised, measured: ``python -m tests.prove``; each row by its name, and a smoke of each in the tests."""
