"""An S3 server of one bucket in memory: as much of the protocol as a store of files speaks."""

import hashlib
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from itertools import count
from typing import Final
from urllib.parse import quote
from xml.sax.saxutils import escape, unescape

from aiohttp import web
from aiohttp.test_utils import TestServer

KEY_ID: Final = "cle-d-essai"
LEAST_PART: Final = 5 * 1024 * 1024  # of a multipart upload, but for the last one
PAGE: Final = 3  # far less than S3's thousand, so that every listing has several
WRITTEN: Final = datetime(2026, 11, 23, 10, tzinfo=UTC)


@dataclass
class Bucket:
    """What lies in the bucket, what is being uploaded, and what was asked of it."""

    url: str = ""
    objects: dict[str, bytes] = field(default_factory=dict)
    uploads: dict[str, dict[int, bytes]] = field(default_factory=dict)
    longest_read: int = 0
    ids: "count[int]" = field(default_factory=count)

    @property
    def environment(self) -> Mapping[str, str]:
        """What an operator sets to reach it."""
        return {
            "AWS_ENDPOINT": self.url,
            "AWS_ALLOW_HTTP": "true",
            "AWS_REGION": "eu-west-3",
            "AWS_ACCESS_KEY_ID": KEY_ID,
            "AWS_SECRET_ACCESS_KEY": "un-secret",
        }

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Any request, of whoever signs with the right key."""
        if f"Credential={KEY_ID}/" not in request.headers.get("Authorization", ""):
            return _refusal(403, "AccessDenied")
        key = request.match_info["key"].removeprefix("/")
        query = request.query
        match request.method:
            case "PUT" if "uploadId" in query:
                self.uploads[query["uploadId"]][int(query["partNumber"])] = await request.read()
                return web.Response(headers={"ETag": f'"{query["partNumber"]}"'})
            case "PUT":
                self.objects[key] = await request.read()
                return web.Response(headers={"ETag": _tag(self.objects[key])})
            case "POST" if "uploads" in query:
                upload = str(next(self.ids))
                self.uploads[upload] = {}
                return _xml("InitiateMultipartUploadResult", f"<UploadId>{upload}</UploadId>")
            case "POST" if "uploadId" in query:
                return self._complete(key, query["uploadId"])
            case "POST" if "delete" in query:
                return self._remove(await request.text())
            case "DELETE" if "uploadId" in query:
                self.uploads.pop(query["uploadId"], None)
                return web.Response(status=204)
            case _ if not key:
                return self._listing(query)
        return self._content(key, request)

    def _complete(self, key: str, upload: str) -> web.Response:
        parts = [part for _number, part in sorted(self.uploads.pop(upload).items())]
        if any(len(part) < LEAST_PART for part in parts[:-1]):
            return _refusal(400, "EntityTooSmall")
        self.objects[key] = b"".join(parts)
        return _xml("CompleteMultipartUploadResult", f"<ETag>{_tag(self.objects[key])}</ETag>")

    def _remove(self, wanted: str) -> web.Response:
        # One that is not there counts as removed, as S3 has it.
        keys = [unescape(key) for key in re.findall(r"<Key>(.*?)</Key>", wanted)]
        for key in keys:
            self.objects.pop(key, None)
        gone = "".join(f"<Deleted><Key>{escape(key)}</Key></Deleted>" for key in keys)
        return _xml("DeleteResult", gone)

    def _content(self, key: str, request: web.Request) -> web.Response:
        if key not in self.objects:
            return _refusal(404, "NoSuchKey")
        content = self.objects[key]
        headers = {
            "ETag": _tag(content),
            "Last-Modified": format_datetime(WRITTEN, usegmt=True),
            "Content-Length": str(len(content)),
        }
        if request.method == "HEAD":
            return web.Response(headers=headers)
        asked = re.fullmatch(r"bytes=(\d+)-(\d+)", request.headers.get("Range", ""))
        if asked is None:
            return web.Response(body=content, headers=headers)
        part = content[int(asked[1]) : int(asked[2]) + 1]
        self.longest_read = max(self.longest_read, len(part))
        last = int(asked[1]) + len(part) - 1
        headers["Content-Length"] = str(len(part))
        headers["Content-Range"] = f"bytes {asked[1]}-{last}/{len(content)}"
        return web.Response(status=206, body=part, headers=headers)

    def _listing(self, query: Mapping[str, str]) -> web.Response:
        after = query.get("continuation-token", "")
        found = sorted(k for k in self.objects if k.startswith(query["prefix"]) and k > after)
        page, rest = found[:PAGE], found[PAGE:]
        entries = "".join(
            f"<Contents><Key>{escape(quote(key))}</Key><Size>{len(self.objects[key])}</Size>"
            f"<LastModified>{WRITTEN:%Y-%m-%dT%H:%M:%S.000Z}</LastModified></Contents>"
            for key in page
        )
        more = f"<NextContinuationToken>{page[-1]}</NextContinuationToken>" if rest else ""
        return _xml("ListBucketResult", f"{entries}{more}")


@asynccontextmanager
async def running_bucket(name: str) -> AsyncIterator[Bucket]:
    """The server, on a free port."""
    bucket = Bucket()
    app = web.Application(client_max_size=64 * 1024 * 1024)
    app.router.add_route("*", f"/{name}{{key:.*}}", bucket.answer)
    async with TestServer(app) as server:
        bucket.url = str(server.make_url("")).rstrip("/")
        yield bucket


def _tag(content: bytes) -> str:
    return f'"{hashlib.sha256(content).hexdigest()[:32]}"'


def _xml(root: str, inner: str) -> web.Response:
    return web.Response(text=f"<{root}>{inner}</{root}>", content_type="application/xml")


def _refusal(status: int, code: str) -> web.Response:
    return web.Response(
        status=status, text=f"<Error><Code>{code}</Code></Error>", content_type="application/xml"
    )
