"""What a person reads in a file, whatever its format."""

from io import BytesIO

from openpyxl import load_workbook
from pypdf import PdfReader


def words_of(content):
    """Return the words of a file: of a PDF or a sheet those in it, since its bytes hold the moment of its making."""
    if isinstance(content, str):
        return content
    if content[:4] == b"%PDF":
        return "\n".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)
    if content[:2] == b"PK":
        return str([list(row) for row in load_workbook(BytesIO(content)).active.values])
    return content.decode()
