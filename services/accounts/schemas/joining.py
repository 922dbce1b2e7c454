"""Request and answer bodies of merging two records."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from services.chassis.endpoints import Answer, Body

Key = Annotated[str, Field(max_length=80)]


class SideAnswer(Answer):
    """One of the two records."""

    family_id: UUID
    reference: str
    label: str
    address: str
    guardians: tuple[str, ...]
    children: tuple[str, ...]


class DifferenceAnswer(Answer):
    """Something to choose: what the survivor says, what the other one says."""

    key: str
    label: str
    kept: str
    other: str


class MergePreviewAnswer(Answer):
    """Both records, what they disagree on, who would be joined."""

    survivor: SideAnswer
    merged: SideAnswer
    differences: tuple[DifferenceAnswer, ...]
    joined: tuple[str, ...]


class MergeBody(Body):
    """The differences on which the record that goes is believed."""

    take: tuple[Key, ...] = Field(default=(), max_length=500)


class MergedAnswer(Answer):
    """The one record."""

    family_id: UUID
    reference: str
    record_version: int
