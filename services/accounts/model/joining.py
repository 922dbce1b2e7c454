"""Two records of one family made one: who is whom, what differs, what is kept."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, TypeVar
from uuid import UUID

from services.accounts.model.family import LINKS, Address, Child, FamilyRecord, Guardian, folded
from services.accounts.model.wording import as_text

Person = TypeVar("Person", Guardian, Child)

# What is kept or taken together: a class without its school would mislead.
GUARDIAN_FIELDS: Final = {
    "mail": ("Mail", ("mail",)),
    "phone": ("Téléphone", ("phone",)),
    "link": ("Lien de parenté", ("link",)),
    "address": ("Adresse", ("address",)),
}
CHILD_FIELDS: Final = {
    "school": ("École et classe", ("school_code", "school_class")),
    "birth_date": ("Date de naissance", ("birth_date",)),
    "diet": ("Régime", ("diet",)),
    "allergies": ("Allergies", ("allergies",)),
    "pai": ("PAI", ("pai",)),
    "vaccinations": ("Vaccinations", ("vaccinations",)),
    "doctor": ("Médecin traitant", ("doctor",)),
    "contacts": ("Contacts", ("contacts",)),
}
FAMILY_FIELDS: Final = {
    "address": ("Adresse", ("address",)),
    "resident": ("Réside dans la commune", ("resident",)),
    "quotient": (
        "Quotient familial",
        ("quotient", "quotient_valid_until", "quotient_source"),
    ),
}


@dataclass(frozen=True, slots=True)
class Difference:
    """Something on which the two records disagree; `key` names it when the other's is taken."""

    key: str
    label: str
    kept: str
    other: str


@dataclass(frozen=True, slots=True)
class Joined:
    """The one record, and the ids that the merged one's people bear in it."""

    record: FamilyRecord
    merged_family_id: UUID
    guardians: Mapping[UUID, UUID]
    children: Mapping[UUID, UUID]


def differences(survivor: FamilyRecord, merged: FamilyRecord) -> tuple[Difference, ...]:
    """Where both records say something, and not the same."""
    found = _compared("", "", survivor, merged, FAMILY_FIELDS)
    for one, other in _pairs(survivor.guardians, merged.guardians):
        found += _compared(f"guardian.{one.guardian_id}.", f"{one.name} : ", one, other,
                           GUARDIAN_FIELDS)  # fmt: skip
    for child, twin in _pairs(survivor.children, merged.children):
        found += _compared(f"child.{child.child_id}.", f"{child.first_name} : ", child, twin,
                           CHILD_FIELDS)  # fmt: skip
    return tuple(found)


def join(survivor: FamilyRecord, merged: FamilyRecord, take: Collection[str]) -> Joined:
    """The survivor with the other's people; `take` are the keys whose other value is kept.

    What the survivor lacks comes from the other. People are the same when they bear the same
    name, children when they have one birth date as well.
    """
    guardians = {
        other.guardian_id: one.guardian_id
        for one, other in _pairs(survivor.guardians, merged.guardians)
    }
    children = {
        other.child_id: one.child_id
        for one, other in _pairs(survivor.children, merged.children)
        # A child in these two homes is one already.
        if other.child_id != one.child_id
    }
    record = replace(
        _filled(survivor, merged, FAMILY_FIELDS, "", take),
        guardians=_joined_guardians(survivor, merged, guardians, take),
        children=_joined_children(survivor, merged, children, take),
        record_version=max(survivor.record_version, merged.record_version) + 1,
    )
    return Joined(record, merged.family_id, guardians, children)


def _joined_guardians(
    survivor: FamilyRecord,
    merged: FamilyRecord,
    joined: Mapping[UUID, UUID],
    take: Collection[str],
) -> tuple[Guardian, ...]:
    twins = {joined[g.guardian_id]: g for g in merged.guardians if g.guardian_id in joined}
    kept = (
        _filled(g, twins.get(g.guardian_id), GUARDIAN_FIELDS, f"guardian.{g.guardian_id}.", take)
        for g in survivor.guardians
    )
    return (*kept, *(g for g in merged.guardians if g.guardian_id not in joined))


def _joined_children(
    survivor: FamilyRecord,
    merged: FamilyRecord,
    joined: Mapping[UUID, UUID],
    take: Collection[str],
) -> tuple[Child, ...]:
    twins = {joined[c.child_id]: c for c in merged.children if c.child_id in joined}
    kept = (
        _filled(c, twins.get(c.child_id), CHILD_FIELDS, f"child.{c.child_id}.", take)
        for c in survivor.children
    )
    known = joined.keys() | {child.child_id for child in survivor.children}
    people = (*kept, *(c for c in merged.children if c.child_id not in known))
    return tuple(_rehomed(child, survivor.family_id, merged.family_id) for child in people)


def _rehomed(child: Child, family_id: UUID, gone: UUID) -> Child:
    """The child with the one home in the place of the other; both of its homes may be one now."""
    homes = tuple(dict.fromkeys(family_id if home == gone else home for home in child.homes))
    if homes == child.homes:
        return child
    if len(homes) < 2:
        return replace(child, homes=(), custody=None)
    custody = child.custody and child.custody.moved(gone, family_id)
    return replace(child, homes=homes, custody=custody)


def _pairs(ones: Sequence[Person], others: Sequence[Person]) -> list[tuple[Person, Person]]:
    """Those who are the same in both; a name that several bear says nothing by itself."""
    return [
        (one, other)
        for other in others
        for one in ones
        if _alike(one, other) and _is_alone(one, others) and _is_alone(other, ones)
    ]


def _is_alone(person: Guardian | Child, people: Sequence[Guardian | Child]) -> bool:
    return sum(_alike(person, other) for other in people) == 1


def _alike(one: Guardian | Child, other: Guardian | Child) -> bool:
    if isinstance(one, Child) and isinstance(other, Child) and one.birth_date != other.birth_date:
        return False
    return (folded(one.last_name), folded(one.first_name)) == (
        folded(other.last_name),
        folded(other.first_name),
    )


Described = TypeVar("Described", FamilyRecord, Guardian, Child)


def _filled(
    one: Described,
    other: Described | None,
    fields: Mapping[str, tuple[str, tuple[str, ...]]],
    prefix: str,
    take: Collection[str],
) -> Described:
    if other is None:
        return one
    changes: dict[str, Any] = {}
    for key, (_, names) in fields.items():
        if prefix + key in take or not _says(one, names):
            changes |= {name: getattr(other, name) for name in names}
    return replace(one, **changes)


def _compared(
    prefix: str,
    label_prefix: str,
    one: Any,
    other: Any,
    fields: Mapping[str, tuple[str, tuple[str, ...]]],
) -> list[Difference]:
    return [
        Difference(prefix + key, label_prefix + label, _shown(one, names), _shown(other, names))
        for key, (label, names) in fields.items()
        if _says(one, names)
        and _says(other, names)
        and any(getattr(one, name) != getattr(other, name) for name in names)
    ]


def _says(thing: Any, names: Sequence[str]) -> bool:
    """Whether anything is known: an address without a line, a text that is empty say nothing."""
    return any(
        value not in (None, "", (), Address()) for value in (getattr(thing, n) for n in names)
    )


def _shown(thing: Any, names: Sequence[str]) -> str:
    shown = (_text(name, getattr(thing, name)) for name in names if name != "quotient_source")
    return " ".join(text for text in shown if text)


def _text(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return "oui" if value else "non"
    if name == "link" and value:
        return LINKS[value]
    return "" if value is None else as_text(value)
