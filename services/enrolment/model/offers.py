"""What the staff describe of an activity, and what in it contradicts itself."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from contracts.events.deadlines import Deadline
from contracts.events.enrolment import (
    AbsenceRule,
    ActivityKind,
    AfterDeadline,
    AgeGroup,
    SessionDays,
    Slot,
    WaitingList,
)
from services.chassis.errors import FieldError
from services.enrolment.errors import BadActivity
from services.enrolment.model.rules import rule_faults
from services.enrolment.model.years import SchoolYear

MOST_SLOTS = 6


@dataclass(frozen=True, slots=True)
class Offer:
    """What the staff describe of an activity. Raises BadActivity when it contradicts itself."""

    code: str
    name: str
    kind: ActivityKind
    school_year: str
    place: str
    starts_on: date
    ends_on: date
    days: SessionDays
    weekdays: tuple[int, ...]
    slots: tuple[Slot, ...]
    capacity: int
    reserve_rule: Deadline
    cancel_rule: Deadline
    min_age: int
    max_age: int
    after_deadline: AfterDeadline
    waiting_list: WaitingList
    absence_rule: AbsenceRule
    age_groups: tuple[AgeGroup, ...] = ()
    classes: tuple[str, ...] = ()
    description: str = ""
    document_types: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        faults = [*_own_faults(self), *_slot_faults(self.slots), *_group_faults(self)]
        faults += rule_faults(self.reserve_rule, "reserve_rule", self.weekdays)
        faults += rule_faults(self.cancel_rule, "cancel_rule", self.weekdays)
        faults += _after_faults(self.after_deadline, self.weekdays)
        faults += _absence_faults(self.absence_rule)
        if faults:
            raise BadActivity(errors=faults)

    @property
    def starts_at(self) -> str:
        """When its day begins: with the first slot."""
        return min(slot.starts_at for slot in self.slots)

    @property
    def ends_at(self) -> str:
        """When its day ends: with the last slot."""
        return max(slot.ends_at for slot in self.slots)

    def check_year(self, year: SchoolYear) -> None:
        """Raises BadActivity when a part of the activity lies outside its school year."""
        limits = f"du {year.starts_on:%d/%m/%Y} au {year.last_day:%d/%m/%Y}"
        errors = [
            FieldError(name, f"L’année scolaire {year.label} va {limits}.")
            for name, day in (("starts_on", self.starts_on), ("ends_on", self.ends_on))
            if not year.starts_on <= day <= year.last_day
        ]
        if errors:
            raise BadActivity(errors=errors)


def _own_faults(offer: Offer) -> Iterator[FieldError]:
    weekdays = offer.weekdays
    for name, message, wrong in (
        ("max_age", "L’âge maximal précède l’âge minimal.", offer.max_age < offer.min_age),
        ("ends_on", "La fin précède le début.", offer.ends_on < offer.starts_on),
        ("weekdays", "Un jour est répété.", len({*weekdays}) != len(weekdays)),
        ("weekdays", "Choisissez au moins un jour.", not weekdays),
        ("classes", "Une classe est répétée.", len({*offer.classes}) != len(offer.classes)),
    ):
        if wrong:
            yield FieldError(name, message)


def _slot_faults(slots: Sequence[Slot]) -> Iterator[FieldError]:
    if not 1 <= len(slots) <= MOST_SLOTS:
        yield FieldError("slots", f"Donnez de 1 à {MOST_SLOTS} créneaux.")
    several, times = len(slots) > 1, Counter(slot.code for slot in slots if slot.code)
    for position, slot in enumerate(slots):
        for name, message, wrong in (
            ("ends_at", "La fin précède le début.", slot.ends_at <= slot.starts_at),
            ("code", "Un créneau unique n’a pas de code.", not several and slot.code != ""),
            ("code", "Donnez un code à ce créneau.", several and not slot.code),
            ("code", "Ce code est déjà celui d’un autre créneau.", times[slot.code] > 1),
            ("name", "Donnez un nom à ce créneau.", several and not slot.name),
        ):
            if wrong:
                yield FieldError(f"slots.{position}.{name}", message)


def _group_faults(offer: Offer) -> Iterator[FieldError]:
    groups = offer.age_groups
    times = Counter(group.name for group in groups)
    for position, group in enumerate(groups):
        for name, message, wrong in (
            ("name", "Ce nom est déjà celui d’un autre groupe.", times[group.name] > 1),
            ("max_age", "L’âge maximal précède l’âge minimal.", group.max_age < group.min_age),
            (
                "capacity",
                f"« {group.name} » ne peut avoir plus de places que l’activité : {offer.capacity}.",
                group.capacity is not None and group.capacity > offer.capacity,
            ),
        ):
            if wrong:
                yield FieldError(f"age_groups.{position}.{name}", message)
    in_order = sorted(range(len(groups)), key=lambda i: groups[i].min_age)
    for younger, older in pairwise(in_order):
        if groups[older].min_age <= groups[younger].max_age:
            names = f"« {groups[younger].name} » et « {groups[older].name} »"
            message = f"{names} se recouvrent : un enfant n’est que dans un groupe."
            yield FieldError(f"age_groups.{older}.min_age", message)


def _absence_faults(rule: AbsenceRule) -> Iterator[FieldError]:
    if rule.prompt_days is not None and rule.prompt_days > rule.certificate_days:
        message = f"Un certificat n’est plus reçu après {rule.certificate_days} jours."
        yield FieldError("absence_rule.prompt_days", message)


def _after_faults(after: AfterDeadline, weekdays: Sequence[int]) -> Iterator[FieldError]:
    if after.until is None:
        return
    if after.policy == "refuse":
        message = "Après la limite rien n’est accepté : cette seconde limite ne sert pas."
        yield FieldError("after_deadline.until", message)
    yield from rule_faults(after.until, "after_deadline.until", weekdays)
