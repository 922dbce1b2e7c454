"""Files as families send them, in little."""

import io
import zlib
from collections.abc import AsyncIterator

from pypdf import PdfReader, PdfWriter

PNG_START = b"\x89PNG\r\n\x1a\n"


def pdf(padding: int = 600) -> bytes:
    """A small whole PDF, with so many bytes of content."""
    return (
        b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\n"
        + b"%"
        + b"x" * padding
        + b"\nxref\n0 1\ntrailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n"
    )


def _png_chunk(kind: bytes, data: bytes) -> bytes:
    return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")


def png(padding: int = 600) -> bytes:
    """A whole PNG of one grey dot, with a long comment."""
    header = _png_chunk(b"IHDR", bytes([0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0]))
    text = _png_chunk(b"tEXt", b"Comment\0" + b"x" * padding)
    dot = _png_chunk(b"IDAT", zlib.compress(b"\0\x80"))
    return PNG_START + header + text + dot + _png_chunk(b"IEND", b"")


def jpeg(
    picture: bytes = b"\x12\x34" * 400, *, thumbnail: bytes = b"", ended: bool = True
) -> bytes:
    """A JPEG as a phone takes it: an EXIF segment that may hold a thumbnail, then the picture."""
    exif = b"Exif\0\0" + thumbnail
    out = io.BytesIO()
    out.write(b"\xff\xd8\xff\xe1" + (len(exif) + 2).to_bytes(2, "big") + exif)
    out.write(b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00" + picture)
    if ended:
        out.write(b"\xff\xd9")
    return out.getvalue()


async def in_parts(content: bytes, size: int = 64 * 1024) -> AsyncIterator[bytes]:
    """The content as it comes over the wire."""
    for start in range(0, len(content), size):
        yield content[start : start + size]


async def gathered(parts: AsyncIterator[bytes], seen: list[bytes] | None = None) -> bytes:
    """The whole of it; `seen` shows what came, should it break off."""
    seen = [] if seen is None else seen
    async for part in parts:
        seen.append(part)
    return b"".join(seen)


def pages(count: int = 1, width: int = 300) -> bytes:
    """A PDF that really has so many pages, all of this width."""
    writer, out = PdfWriter(), io.BytesIO()
    for _ in range(count):
        writer.add_blank_page(width, 400)
    writer.write(out)
    return out.getvalue()


def locked_pages() -> bytes:
    """A PDF under a password, as pypdf writes it."""
    writer, out = PdfWriter(), io.BytesIO()
    writer.append(io.BytesIO(pages()))
    writer.encrypt("secret")
    writer.write(out)
    return out.getvalue()


def widths(content: bytes) -> list[int]:
    """The width of each page, in order."""
    return [round(page.mediabox.width) for page in PdfReader(io.BytesIO(content)).pages]
