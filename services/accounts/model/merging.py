"""How a family of the file becomes the family record: who is who, what is new."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, TypeVar
from uuid import UUID

from services.accounts.model import columns
from services.accounts.model.family import Address, Child, FamilyRecord, Guardian, folded
from services.accounts.model.family_file import Fields, FileFamily, person_key

Person = TypeVar("Person", Guardian, Child)
NewId = Callable[[], UUID]


def merge(existing: FamilyRecord | None, file: FileFamily, new_id: NewId) -> FamilyRecord:
    """The record as the file has it: same object when nothing changed, else its next version.

    What the file does not mention stays: a column it lacks, a person it leaves out.
    """
    record = existing or FamilyRecord(family_id=new_id(), reference=file.reference)
    fields = {k: v for k, v in file.fields.items() if k not in columns.ADDRESS_FIELDS}
    if fields.get("quotient", record.quotient) != record.quotient:
        fields["quotient_source"] = None if fields["quotient"] is None else "staff"
    merged = replace(
        record,
        **fields,
        address=_address(record.address, file.fields),
        guardians=_guardians(record.guardians, file.guardians, new_id),
        children=_children(record.children, file.children, new_id),
    )
    return record.changed_to(merged) if existing else merged


def _address(present: Address, fields: Fields) -> Address:
    old = dict(zip(("line", "complement"), (*present.lines, "", ""), strict=False))
    given = {"line", "complement"} & fields.keys()
    lines = (
        (*(text for name in old if (text := fields.get(name, old[name]))), *present.lines[2:])
        if given
        else present.lines
    )
    return Address(
        lines=lines,
        postcode=fields.get("postcode", present.postcode),
        city=fields.get("city", present.city),
    )


def _guardians(
    present: Sequence[Guardian], given: Sequence[Fields], new_id: NewId
) -> tuple[Guardian, ...]:
    rest = list(present)
    named = [_take(rest, _same_name, fields) for fields in given]
    merged = []
    for fields, same in zip(given, named, strict=True):
        # A new last name beside a known first name is a marriage or a correction.
        known = same or _take(rest, _same_first_name, fields)
        merged.append(_updated(known, fields) if known else Guardian(new_id(), **fields))
    return (*merged, *rest)


def _children(
    present: Sequence[Child], given: Sequence[Fields], new_id: NewId
) -> tuple[Child, ...]:
    rest = list(present)
    named = [_take(rest, _same_name, fields) for fields in given]
    known = [
        same or _take(rest, _same_birth, fields) for same, fields in zip(named, given, strict=True)
    ]
    updated = {c.child_id: _updated(c, f) for c, f in zip(known, given, strict=True) if c}
    new = [Child(new_id(), **f) for c, f in zip(known, given, strict=True) if c is None]
    # Children keep their places, so that a file in another order changes nothing.
    return (*(updated.get(c.child_id, c) for c in present), *new)


def _take(
    rest: list[Person], matches: Callable[[Person, Fields], bool], fields: Fields
) -> Person | None:
    """Find the one who matches and take it out of those still to be found."""
    for person in rest:
        if matches(person, fields):
            rest.remove(person)
            return person
    return None


def _updated(person: Person, fields: Fields) -> Person:
    changes: dict[str, Any] = dict(fields)
    return replace(person, **changes)


def _same_name(person: Guardian | Child, fields: Fields) -> bool:
    return (folded(person.last_name), folded(person.first_name)) == person_key(fields)


def _same_first_name(person: Guardian, fields: Fields) -> bool:
    return folded(person.first_name) == folded(fields["first_name"])


def _same_birth(child: Child, fields: Fields) -> bool:
    return child.birth_date == fields["birth_date"] and folded(child.first_name) == folded(
        fields["first_name"]
    )
