"""A picture of the settings is what it says, and does nothing but be seen."""

import struct
import zlib
from pathlib import Path

import pytest
import typst
from pydantic import TypeAdapter, ValidationError

from services.chassis.pictures import MOST_BYTES, PicturePath, read_picture

DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 44 44">{}</svg>'
PLAIN = DRAWING.format('<rect width="44" height="44" fill="#0d5c53"/>')


def png(width: int, height: int) -> bytes:
    """A picture of one colour."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    rows = zlib.compress((b"\0" + b"\x0d\x5c\x53" * width) * height)
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunks


def file(folder: Path, body: bytes | str) -> Path:
    path = folder / "marque"
    path.write_bytes(body if isinstance(body, bytes) else body.encode())
    return path


def test_a_png_and_a_drawing_are_known_by_what_they_are(tmp_path: Path) -> None:
    assert read_picture(file(tmp_path, png(64, 40))).content_type == "image/png"
    assert read_picture(file(tmp_path, PLAIN)).content_type == "image/svg+xml"


@pytest.mark.parametrize("body", [png(120, 40), PLAIN], ids=["png", "svg"])
def test_papers_take_both_as_a_drawing(tmp_path: Path, body: bytes | str) -> None:
    drawn = read_picture(file(tmp_path, body)).as_svg
    source = '#image(bytes(sys.inputs.mark), format: "svg", width: 20mm, alt: "Ville")'
    pdf = typst.compile(source.encode(), sys_inputs={"mark": drawn})
    assert pdf.startswith(b"%PDF")


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"GIF89a", "neither a PNG nor an SVG"),
        (b"\xff\xd8\xff\xe0" + b"x" * 100, "neither a PNG nor an SVG"),
        ("<html xmlns='http://www.w3.org/1999/xhtml'/>", "neither a PNG nor an SVG"),
        (png(16, 64), "pixels a side"),
        (png(64, 64)[:60], "damaged"),
        (PLAIN + " " * MOST_BYTES, "at most"),
        (DRAWING.format("<script>alert(1)</script>"), "plain drawing"),
        (DRAWING.format('<rect onload="alert(1)"/>'), "plain drawing"),
        (DRAWING.format('<rect fill="url(https://ailleurs.example/a)"/>'), "plain drawing"),
        (DRAWING.format('<image href="data:image/png;base64,AAAA"/>'), "plain drawing"),
        ('<!DOCTYPE svg [<!ENTITY a "a">]>' + PLAIN, "document type"),
    ],
    ids=[
        "gif",
        "jpeg",
        "page",
        "tiny",
        "cut",
        "large",
        "script",
        "handler",
        "elsewhere",
        "picture within",
        "entities",
    ],
)
def test_what_is_no_plain_picture_is_refused(tmp_path: Path, body: bytes | str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        read_picture(file(tmp_path, body))


def test_a_wrong_file_in_the_settings_stops_at_start(tmp_path: Path) -> None:
    setting = TypeAdapter(PicturePath)
    assert setting.validate_python(file(tmp_path, PLAIN))
    with pytest.raises(ValidationError, match="cannot be read"):
        setting.validate_python(tmp_path / "absente.png")
