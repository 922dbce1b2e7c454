"""One file out of several. Runs in the process pool: it takes and gives plain values."""

import io
from collections.abc import Sequence


def bind(parts: Sequence[bytes]) -> bytes:
    """The parts as one file, in order, marked to be printed on one side only.

    On both sides two families' letters would share a sheet.
    """
    # In each function, since it is large: the service itself never loads it.
    from pypdf import PdfWriter
    from pypdf.generic import NameObject

    writer = PdfWriter()
    for part in parts:
        writer.append(io.BytesIO(part), import_outline=False)
    writer.create_viewer_preferences()[NameObject("/Duplex")] = NameObject("/Simplex")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def count_pages(parts: Sequence[bytes]) -> int:
    """How many pages the parts have together."""
    from pypdf import PdfReader

    return sum(len(PdfReader(io.BytesIO(part)).pages) for part in parts)
