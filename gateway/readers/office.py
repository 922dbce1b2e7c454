"""What the portal reads of accounts' answers to the office: requests, codes in bulk."""

from datetime import date as day
from datetime import datetime
from uuid import UUID

from gateway.readers.accounts import Address
from gateway.readers.reader import Reader


class AccountRequestLine(Reader):
    request_id: UUID
    status: str
    name: str
    mail: str
    children: int
    city: str = ""
    confirmed_at: datetime | None = None
    decided_at: datetime | None = None


class AccountRequestList(Reader):
    requests: tuple[AccountRequestLine, ...]
    total: int
    page: int = 1
    size: int = 25


class RequestAdult(Reader):
    first_name: str
    last_name: str
    mail: str | None = None
    phone: str | None = None


class RequestChild(Reader):
    first_name: str
    last_name: str
    birth_date: day
    school_code: str | None = None
    school_class: str | None = None


class AlikeFamily(Reader):
    family_id: UUID
    reference: str
    label: str
    city: str = ""
    children: tuple[str, ...] = ()
    guardians: tuple[str, ...] = ()
    likely: bool = False
    reasons: tuple[str, ...] = ()


class AccountRequest(Reader):
    request_id: UUID
    status: str
    asked_at: datetime
    confirmed_at: datetime | None = None
    decided_at: datetime | None = None
    family_id: UUID | None = None
    reason: str | None = None
    adults: tuple[RequestAdult, ...]
    children: tuple[RequestChild, ...]
    address: Address
    alike: tuple[AlikeFamily, ...] = ()


class ApprovedRequest(Reader):
    family_id: UUID
    reference: str
    by_mail: int = 0
    by_letter: int = 0


class CodeRecipient(Reader):
    family_id: UUID
    reference: str
    label: str
    outcome: str  # mail | letter | incomplete | already
    missing: tuple[str, ...] = ()
    guardian: str | None = None


class CodeRecipients(Reader):
    families: tuple[CodeRecipient, ...]
    total: int
    page: int = 1
    size: int = 50


class CodeBatch(Reader):
    batch_id: UUID
    every_guardian: bool = False
    guardians: int | None = None
    status: str  # planned | issued | withdrawn
    issued_at: datetime | None = None
    planned_for: day | None = None
    by_mail: int = 0
    by_letter: int = 0
    used: int = 0
    waiting: int = 0
    channel: str | None = None
    families: int | None = None
    reissue_of: UUID | None = None


class CodeBatches(Reader):
    batches: tuple[CodeBatch, ...]


class ClassMove(Reader):
    school_code: str | None = None
    school_class: str
    children: int
    outcome: str  # moves | leaves | unknown
    to: str | None = None


class RollOverDone(Reader):
    school_year: str
    applied_at: datetime
    moved: int
    leaving: int


class RollOverPreview(Reader):
    steps: tuple[str, ...]
    moves: tuple[ClassMove, ...] = ()
    done: tuple[RollOverDone, ...] = ()


class RolledOver(Reader):
    school_year: str
    moved: int
    leaving: int


class ClassLadder(Reader):
    steps: tuple[str, ...]


class MergeSide(Reader):
    family_id: UUID
    reference: str
    label: str
    address: str = ""
    guardians: tuple[str, ...] = ()
    children: tuple[str, ...] = ()


class MergeDifference(Reader):
    key: str
    label: str
    kept: str
    other: str


class MergePreview(Reader):
    survivor: MergeSide
    merged: MergeSide
    differences: tuple[MergeDifference, ...] = ()
    joined: tuple[str, ...] = ()


class MergedFamily(Reader):
    family_id: UUID
    reference: str
