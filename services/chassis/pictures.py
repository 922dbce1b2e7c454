"""A picture that is given in the settings: read at start, and checked by what it is."""

import base64
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated
from xml.etree import ElementTree

from pydantic import AfterValidator

# A mark is small; what is larger is a photograph, and would weigh on every paper.
MOST_BYTES = 100_000
LEAST_PIXELS, MOST_PIXELS = 32, 4000
PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
PNG_HEAD = struct.Struct(">8sI4sII")
SVG = "http://www.w3.org/2000/svg"
# What a drawing has no need of, and what could run or call elsewhere.
ACTIVE = frozenset({"script", "foreignObject", "iframe", "image", "use", "a", "set", "animate"})


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG or an SVG."""

    content_type: str
    body: bytes

    @property
    def as_svg(self) -> str:
        """As an SVG, a PNG within one: papers take a picture as text only."""
        if self.content_type == "image/svg+xml":
            return self.body.decode()
        width, height = PNG_HEAD.unpack_from(self.body)[3:]
        data = base64.b64encode(self.body).decode()
        return (
            f'<svg xmlns="{SVG}" width="{width}" height="{height}" '
            f'viewBox="0 0 {width} {height}"><image width="{width}" height="{height}" '
            f'href="data:image/png;base64,{data}"/></svg>'
        )


def read_picture(path: Path) -> Picture:
    """The picture of this file. Raises ValueError, saying what is wrong with it."""
    try:
        body = path.read_bytes()
    except OSError as error:
        raise ValueError(f"{path} cannot be read: {error.strerror}") from error
    if len(body) > MOST_BYTES:
        raise ValueError(f"{path} has {len(body)} bytes; {MOST_BYTES} at most")
    if body.startswith(PNG_SIGNATURE):
        _check_png(body)
        return Picture("image/png", body)
    _check_svg(body)
    return Picture("image/svg+xml", body)


def _check_png(body: bytes) -> None:
    if len(body) < PNG_HEAD.size or body[12:16] != b"IHDR" or b"IEND" not in body[-16:]:
        raise ValueError("the PNG is damaged")
    sides = PNG_HEAD.unpack_from(body)[3:]
    if not all(LEAST_PIXELS <= side <= MOST_PIXELS for side in sides):
        raise ValueError(f"the PNG must have {LEAST_PIXELS} to {MOST_PIXELS} pixels a side")


def _check_svg(body: bytes) -> None:
    if b"<!DOCTYPE" in body or b"<!ENTITY" in body:
        raise ValueError("an SVG without a document type is expected")
    try:
        root = ElementTree.fromstring(body.decode())  # noqa: S314 - has no entities, see above
    except (UnicodeDecodeError, ElementTree.ParseError) as error:
        raise ValueError("neither a PNG nor an SVG") from error
    if root.tag != f"{{{SVG}}}svg":
        raise ValueError("neither a PNG nor an SVG")
    for element in root.iter():
        name = str(element.tag).rpartition("}")[2]
        if name in ACTIVE or any(_acts(*attribute) for attribute in element.attrib.items()):
            raise ValueError(f"the SVG must be a plain drawing: <{name}> may do more")


def _acts(attribute: str, value: str) -> bool:
    """Whether an attribute may run something, or fetch it from elsewhere."""
    name = attribute.rpartition("}")[2].lower()
    return name.startswith("on") or (name == "href" and not value.startswith("#")) or "//" in value


def _checked(path: Path) -> Path:
    read_picture(path)
    return path


# A file of a setting: a wrong one stops the process at start.
PicturePath = Annotated[Path, AfterValidator(_checked)]
