"""Styles, scripts, fonts and pictures, under an address that changes with their content."""

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web

from services.chassis.pictures import read_picture

TOWN_MARK = "img/ville"
STATIC_FOLDER = Path(__file__).parent / "static"

FOR_EVER = "public, max-age=31536000, immutable"
COMPRESSED_KINDS = ("text/", "application/javascript", "application/json", "image/svg+xml")
COMPRESSION_PAYS_FROM = 1000  # bytes; below, headers weigh more than what is saved


@dataclass(frozen=True, slots=True)
class Asset:
    """One file, ready to send."""

    body: bytes
    compressed: bytes | None
    content_type: str


class Assets:
    """All static files, read once at start.

    One version stands for the whole folder, so that a style's relative address of a font holds.
    """

    def __init__(self, folder: Path = STATIC_FOLDER, town_mark: Path | None = None) -> None:
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        self._assets = {path.relative_to(folder).as_posix(): _asset(path) for path in files}
        if town_mark:
            picture = read_picture(town_mark)
            self._assets[TOWN_MARK] = Asset(picture.body, None, picture.content_type)
        digest = hashlib.sha256()
        for name, asset in self._assets.items():
            digest.update(name.encode() + b"\0" + hashlib.sha256(asset.body).digest())
        self.version = digest.hexdigest()[:12]

    @property
    def town_mark(self) -> str:
        """Where the town's own mark is; empty: it has none, and ours is drawn."""
        return self.address(TOWN_MARK) if TOWN_MARK in self._assets else ""

    def address(self, name: str) -> str:
        """Where browsers fetch this file. Raises KeyError for a file that does not exist."""
        if name not in self._assets:
            raise KeyError(f"no static file is named {name}")
        return f"/static/{self.version}/{name}"

    async def serve(self, request: web.Request) -> web.Response:
        """GET /static/{version}/{name}."""
        asset = self._assets.get(request.match_info["name"])
        if asset is None:
            raise web.HTTPNotFound
        headers = {"Content-Type": asset.content_type, "Vary": "Accept-Encoding"}
        # An old page may ask for an old version: it gets today's file, but must not keep it.
        is_current = request.match_info["version"] == self.version
        headers["Cache-Control"] = FOR_EVER if is_current else "no-cache"
        if asset.compressed and "gzip" in request.headers.get("Accept-Encoding", ""):
            headers["Content-Encoding"] = "gzip"
            return web.Response(body=asset.compressed, headers=headers)
        return web.Response(body=asset.body, headers=headers)

    def unversioned(self, name: str) -> web.Response:
        """The file under an address of its own that never changes: browsers ask anew each time."""
        asset = self._assets[name]
        headers = {"Content-Type": asset.content_type, "Cache-Control": "no-cache"}
        return web.Response(body=asset.body, headers=headers)


def _asset(path: Path) -> Asset:
    body = path.read_bytes()
    content_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    is_text = content_type.startswith(COMPRESSED_KINDS)
    if content_type.startswith("text/"):
        content_type += "; charset=utf-8"
    pays = is_text and len(body) >= COMPRESSION_PAYS_FROM
    # mtime=0: the same file compresses to the same bytes on every machine.
    return Asset(body, gzip.compress(body, mtime=0) if pays else None, content_type)
