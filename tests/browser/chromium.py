"""A real Chromium, the system's own, driven by Playwright; nothing is downloaded."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

AXE = Path(__file__).parent / "vendor" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
KEPT = "async (path) => Boolean(await caches.match(location.origin + path, {ignoreSearch: true}))"
"""Whether the browser keeps a copy of a page or a file."""
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def executable() -> str | None:
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@contextmanager
def browser() -> Iterator[Browser]:
    """Run Chromium without a window.

    Raises
    ------
    pytest.skip.Exception
        On a machine without it, unless this is CI, where its absence is a failure.
    """
    path = executable()
    if path is None:
        if os.environ.get("CI"):
            raise FileNotFoundError("chromium is not installed")
        pytest.skip("no chromium on this machine")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=QUIET)
        try:
            yield running
        finally:
            running.close()


def until(page: Page, question: str, asked: object = None, *, seconds: float = 20.0) -> None:
    """Wait until the page says yes, be it by a promise: ``wait_for_function`` takes any promise for a yes."""
    end = time.monotonic() + seconds
    while not page.evaluate(question, asked):
        assert time.monotonic() < end, f"no yes within {seconds} s: {question} {asked}"
        page.wait_for_timeout(50)


def violations(page: Page) -> list[str]:
    """Return what axe finds on the page as lines: rule, element, what is wrong."""
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate("tags => axe.run(document, {runOnly: {type: 'tag', values: tags}})", TAGS)
    return [
        f"{rule['id']}: {node['html'][:120]}: {node['failureSummary'].splitlines()[-1].strip()}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]


def sideways(page: Page) -> int:
    """Return by how many pixels the page is wider than its window."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))
