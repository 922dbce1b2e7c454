"""What the JSON API tells of a family's requests."""

from datetime import datetime
from uuid import UUID

from gateway.readers.reader import Reader


class RequestStep(Reader):
    at: datetime
    status: str
    label: str
    note: str = ""


class RequestLine(Reader):
    """`state`: open, done or refused; `status` is the last step's, in its service's words."""

    key: str
    kind: str
    text: str
    state: str
    status: str
    label: str
    at: datetime
    child_id: UUID | None = None
    detail: str = ""
    address: str = ""
    steps: tuple[RequestStep, ...]


class Requests(Reader):
    """`missing`: the services that did not answer, whose requests are not in the list."""

    requests: tuple[RequestLine, ...] = ()
    total: int = 0
    page: int = 1
    size: int = 25
    missing: tuple[str, ...] = ()
