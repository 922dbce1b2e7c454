"""What becomes of the records of two homes when a child has one of them alone."""

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

from services.accounts.model.family import Child, FamilyRecord


def alone(child: Child) -> Child:
    """The child with one home, hence without a custody calendar."""
    return replace(child, homes=(), custody=None)


def without(record: FamilyRecord, child_id: UUID) -> FamilyRecord:
    """The record without this child."""
    rest = tuple(child for child in record.children if child.child_id != child_id)
    return record.changed_to(replace(record, children=rest))


def left_behind(record: FamilyRecord, kin: Mapping[UUID, FamilyRecord]) -> tuple[FamilyRecord, ...]:
    """The other homes' records once this one is no more: its children are theirs alone."""
    shared = {child.child_id: alone(child) for child in record.children if child.homes}
    others = (other for home, other in kin.items() if home != record.family_id)
    changed = ((other, other.with_children(shared)) for other in others)
    return tuple(after for before, after in changed if after is not before)
