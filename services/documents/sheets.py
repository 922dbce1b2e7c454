"""Foreign files put together or looked at: several pages as one PDF, one page as a picture.

These functions run in the process pool: they take and give plain values. They read what anybody
may have sent, so each call has a limit of time and of memory; a worker that goes over is killed,
and the file with it.
"""

import io
import os
import resource
import signal
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Literal

import typst
from pypdf import PdfReader, PdfWriter

Wanted = Literal["pdf", "png"]

PDF: Final = "application/pdf"
SECONDS: Final = 20.0
MEMORY_BYTES: Final = 2 * 1024**3
# Where the machine keeps files in memory: nothing deposited is ever written to a disk in clear.
IN_MEMORY: Final = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it
PIXELS_PER_INCH: Final = 120.0

# The page takes the picture's own shape, as wide as a sheet of paper within its margins.
SHEET: Final = """#set page(width: auto, height: auto, margin: 0pt)
#image("/content", format: sys.inputs.format, width: 190mm)
"""
LOOK: Final = """#set page(width: auto, height: auto, margin: 0pt)
#image("/content", format: sys.inputs.format, page: int(sys.inputs.page), width: 190mm)
"""
FORMATS: Final = {PDF: "pdf", "image/jpeg": "jpg", "image/png": "png"}


class Unreadable(Exception):
    """The file cannot be read, whatever its beginning and its end look like."""


def bind(files: Sequence[tuple[str, bytes]]) -> bytes:
    """One PDF out of several files, in order; each is its content type and its content.

    Raises Unreadable.
    """
    with bounded():
        writer = PdfWriter()
        for content_type, content in files:
            pages = content if content_type == PDF else _set(SHEET, content_type, content, "pdf")
            writer.append(io.BytesIO(pages), import_outline=False)
        out = io.BytesIO()
        writer.write(out)
        return out.getvalue()


def page_count(content_type: str, content: bytes) -> int:
    """How many pages the file has; a picture is one. Raises Unreadable."""
    with bounded():
        return _page_count(content_type, content)


def look(content_type: str, content: bytes, page: int) -> bytes | None:
    """One page, counted from 1, as a PNG, in which nothing can run; None past the last page.

    Raises Unreadable.
    """
    with bounded():
        if not 1 <= page <= _page_count(content_type, content):
            return None
        return _set(LOOK, content_type, content, "png", page=str(page))


def _page_count(content_type: str, content: bytes) -> int:
    return len(PdfReader(io.BytesIO(content)).pages) if content_type == PDF else 1


def _set(source: str, content_type: str, content: bytes, wanted: Wanted, **inputs: str) -> bytes:
    given = {"format": FORMATS[content_type], **inputs}
    parent = IN_MEMORY if os.access(IN_MEMORY, os.W_OK) else None
    with tempfile.TemporaryDirectory(dir=parent) as folder:
        Path(folder, "content").write_bytes(content)
        Path(folder, "main.typ").write_text(source, encoding="utf-8")
        made: bytes = typst.compile(
            str(Path(folder, "main.typ")),
            root=folder,
            format=wanted,
            ppi=PIXELS_PER_INCH,
            sys_inputs=given,
            ignore_system_fonts=True,
        )
    return made


@contextmanager
def bounded(seconds: float = SECONDS, memory_bytes: int = MEMORY_BYTES) -> Iterator[None]:
    """Kill this worker when the work takes too long; fail it when it takes too much memory."""
    memory = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory[1]))
    # The default action ends the process even inside a library that never looks up.
    handler = signal.signal(signal.SIGALRM, signal.SIG_DFL)
    timer = signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    except Exception as error:
        # What reads foreign files may raise anything at all; its text may hold their content.
        raise Unreadable(type(error).__name__) from None
    finally:
        signal.setitimer(signal.ITIMER_REAL, *timer)
        signal.signal(signal.SIGALRM, handler)
        resource.setrlimit(resource.RLIMIT_AS, memory)
