"""The fields of a record that people change: what each is called, and what a change makes of it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, Literal
from uuid import UUID

from services.accounts.model.completeness import Scope
from services.accounts.model.family import Address, Child, FamilyRecord, Guardian, folded

Values = Mapping[str, Any]
Status = Literal["applied", "pending", "accepted", "refused", "replaced"]
Act = Literal["amend", "add", "remove"]


@dataclass(frozen=True, slots=True)
class RecordField:
    """What the town lets change at once or after the staff's look: one or more attributes.

    To `add` or to `remove` is to change a whole person, whom these attributes tell apart.
    """

    code: str
    label: str
    attributes: tuple[str, ...]
    # A parent's word alone never sets a price.
    always_reviewed: bool = False
    # A mail address opens an account, so its owner changes it by links to both ends.
    confirmed_by_links: bool = False
    act: Act = "amend"

    @property
    def scope(self) -> Scope:
        """Whose part of the record it is."""
        scopes: dict[str, Scope] = {"family": "family", "guardian": "guardian", "child": "child"}
        return scopes[self.code.partition(".")[0]]


FIELDS: Final = (
    RecordField("family.address", "Adresse", ("address",)),
    RecordField(
        "family.quotient",
        "Quotient familial",
        ("quotient", "quotient_valid_until"),
        always_reviewed=True,
    ),
    RecordField(
        "family.resident", "Résidence dans la commune", ("resident",), always_reviewed=True
    ),
    RecordField("guardian.identity", "Nom et prénom", ("first_name", "last_name")),
    RecordField("guardian.link", "Lien de parenté", ("link",)),
    RecordField("guardian.phone", "Téléphone", ("phone",)),
    RecordField("guardian.mail", "Adresse mail", ("mail",), confirmed_by_links=True),
    RecordField("guardian.address", "Adresse personnelle", ("address",)),
    RecordField(
        "child.identity", "Nom, prénom et naissance", ("first_name", "last_name", "birth_date")
    ),
    RecordField("child.school_code", "École", ("school_code",)),
    RecordField("child.school_class", "Classe", ("school_class",)),
    RecordField("child.diet", "Régime au restaurant", ("diet",)),
    RecordField("child.allergies", "Allergies", ("allergies",)),
    RecordField("child.pai", "Projet d’accueil individualisé (PAI)", ("pai",)),
    RecordField("child.vaccinations", "Vaccinations", ("vaccinations",)),
    RecordField("child.doctor", "Médecin traitant", ("doctor",)),
    RecordField("child.contacts", "Contacts et personnes autorisées", ("contacts",)),
)
ADDITIONS: Final = (
    RecordField(
        "guardian.added",
        "Nouveau responsable légal",
        ("first_name", "last_name", "link", "phone", "mail"),
        always_reviewed=True,
        act="add",
    ),
    RecordField(
        "child.added",
        "Nouvel enfant",
        ("first_name", "last_name", "birth_date", "school_code", "school_class"),
        always_reviewed=True,
        act="add",
    ),
)
REMOVALS: Final = (
    RecordField(
        "guardian.removed", "Responsable légal retiré", ("first_name", "last_name"), act="remove"
    ),
    RecordField(
        "child.removed", "Enfant retiré", ("first_name", "last_name", "birth_date"), act="remove"
    ),
)
BY_CODE: Final = {field.code: field for field in (*FIELDS, *ADDITIONS, *REMOVALS)}


@dataclass(frozen=True, slots=True)
class Change:
    """One field of one person (or of the family) before and after, and what became of it."""

    change_id: UUID
    family_id: UUID
    person_id: UUID | None
    field: RecordField
    before: Values
    after: Values
    status: Status
    asked_by: UUID | None
    by_staff: bool
    asked_at: datetime
    decided_by: UUID | None = None
    decided_at: datetime | None = None
    reason: str | None = None


def target(
    record: FamilyRecord, field: RecordField, person_id: UUID | None
) -> FamilyRecord | Guardian | Child | None:
    """The part of the record that the field is of; None when the family has no such person.

    Whom a change adds is not there yet: the record itself is meant.
    """
    if field.scope == "family":
        return record
    if person_id is None:
        return None
    person = record.guardian(person_id) if field.scope == "guardian" else record.child(person_id)
    if field.act == "add":
        return None if person else record
    return person


def present(part: FamilyRecord | Guardian | Child, field: RecordField) -> Values:
    """What the field holds now; nothing of whom a change adds."""
    if field.act == "add":
        return {}
    return {name: getattr(part, name) for name in field.attributes}


def applied(record: FamilyRecord, change: Change) -> FamilyRecord:
    """The record with what the change asks for. The person is one of the family's."""
    part = target(record, change.field, change.person_id)
    values: dict[str, Any] = dict(change.after)
    if change.field.act == "add" and change.person_id:
        return joined(record, change.field.scope, change.person_id, values)
    if isinstance(part, Guardian):
        return record.with_guardian(replace(part, **values))
    if isinstance(part, Child):
        return record.with_child(replace(part, **values))
    if "quotient" in values:
        values["quotient_source"] = None if values["quotient"] is None else "staff"
    return record.changed_to(replace(record, **values))


def is_another_town(before: Address, after: Address) -> bool:
    """Whether the two addresses, both whole, differ in postcode or town, however written."""
    if not (before.complete and after.complete):
        return False
    towns = [(address.postcode, folded(address.city)) for address in (before, after)]
    return towns[0] != towns[1]


def waits(field: RecordField, reviewed: Collection[str]) -> bool:
    """Whether a parent's change of the field waits for the staff."""
    return field.always_reviewed or field.code in reviewed


def joined(record: FamilyRecord, scope: Scope, person_id: UUID, values: Values) -> FamilyRecord:
    """The record with one more guardian or child, at the end."""
    if scope == "guardian":
        guardians = (*record.guardians, Guardian(guardian_id=person_id, **values))
        return record.changed_to(replace(record, guardians=guardians))
    children = (*record.children, Child(child_id=person_id, **values))
    return record.changed_to(replace(record, children=children))


def is_listed(record: FamilyRecord, scope: Scope, values: Values) -> bool:
    """Whether the record lists somebody of this name (and birth) already, however written."""
    known: tuple[Guardian | Child, ...] = (
        record.guardians if scope == "guardian" else record.children
    )
    return any(
        is_same({"birth_date": getattr(person, "birth_date", None), **_names(person)}, values)
        for person in known
    )


def is_same(one: Values, other: Values) -> bool:
    """Whether both are said to be one person: same name, and same birth where it is known."""
    births = one.get("birth_date"), other.get("birth_date")
    return births[0] == births[1] and all(
        folded(one[name]) == folded(other[name]) for name in ("first_name", "last_name")
    )


def _names(person: Guardian | Child) -> dict[str, str]:
    return {"first_name": person.first_name, "last_name": person.last_name}
