"""The server of the browser's tests leaves nothing open when a visitor hangs up amid a file."""

import gc
import socket
import struct

from tests.browser import house

FONT = "/static/vendor/fonts/ibm-plex-sans-latin-400.woff2"
AT_ONCE = struct.pack("ii", 1, 0)
"""Linger, for no time: closing resets the connection."""


def test_a_file_is_closed_when_the_visitor_hangs_up(tmp_path):
    with house.opened(tmp_path, lambda _house: None) as lived:
        port = int(lived.address.rpartition(":")[2])
        for _ in range(10):
            with socket.create_connection(("127.0.0.1", port)) as visitor:
                visitor.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE)
                visitor.sendall(f"GET {FONT} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode())

    gc.collect()  # a file left open is an error here, as any warning is
