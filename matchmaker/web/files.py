"""Files that a person takes away."""

from __future__ import annotations

from flask import Response


def attached(content: bytes, kind: str, name: str) -> Response:
    """Return an answer that a browser saves under ``name`` and no search engine keeps."""
    response = Response(content, content_type=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["X-Robots-Tag"] = "noindex"
    return response
