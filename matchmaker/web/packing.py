"""Text leaves packed, for phones on a crowded network: a page with its style sheets is a quarter of the bytes."""

from __future__ import annotations

from flask import Flask, Response, request

from matchmaker.extensions import compress


def install(app: Flask) -> None:
    """Pack what is text; streams are not held back."""
    app.config["COMPRESS_STREAMS"] = False
    compress.init_app(app)
    app.after_request(_read_whole)  # called last, so it is done first


def _read_whole(response: Response) -> Response:
    """Take a style sheet or a script into memory: as a stream of a file it would leave as it is."""
    if request.endpoint == "static" and (response.mimetype or "").startswith("text/"):
        response.direct_passthrough = False
        response.get_data()
        response.close()  # the file; what is read stays
    return response
