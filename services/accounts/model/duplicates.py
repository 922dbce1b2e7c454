"""How much a family resembles a newcomer's request, and why."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from services.accounts.model.family import Address, Child, FamilyRecord, folded
from services.accounts.model.requests import RequestedChild, RequestForm, same_person

SAME_MAIL: Final = 50
SAME_PHONE: Final = 35
SAME_CHILD: Final = 50
SAME_FIRST_NAME_AND_BIRTH: Final = 30
SAME_ADULT: Final = 25
SAME_ADDRESS: Final = 15

# One strong sign, or two weak ones: an adult of the same name alone is a chance.
LIKELY: Final = 30


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike they are, with the reasons in French, strongest first."""

    score: int
    reasons: tuple[str, ...]

    @property
    def likely(self) -> bool:
        """Whether the staff should look."""
        return self.score >= LIKELY


def likeness(form: RequestForm, record: FamilyRecord) -> Likeness:
    """Compare mail, telephone, children and adults; writing and accents do not matter."""
    signs = sorted(_signs(form, record), key=lambda sign: -sign[0])
    return Likeness(sum(points for points, _ in signs), tuple(reason for _, reason in signs))


def likely(form: RequestForm, records: Iterable[FamilyRecord]) -> list[FamilyRecord]:
    """Those of the records that the staff should look at, the likeliest first."""
    found = [(likeness(form, record), record) for record in records]
    return [r for like, r in sorted(found, key=lambda f: -f[0].score) if like.likely]


def _signs(form: RequestForm, record: FamilyRecord) -> Iterable[tuple[int, str]]:
    mails = {g.mail for g in record.guardians if g.mail}
    if any(adult.mail in mails for adult in form.adults):
        yield SAME_MAIL, "même adresse mail"
    phones = {g.phone for g in record.guardians if g.phone}
    if any(adult.phone in phones for adult in form.adults):
        yield SAME_PHONE, "même téléphone"
    for child in form.children:
        yield from _child_signs(child, record.children)
    for adult in form.adults:
        if any(same_person(adult, guardian) for guardian in record.guardians):
            yield SAME_ADULT, f"même responsable : {adult.first_name} {adult.last_name}"
    if _same_place(form.address, record.address):
        yield SAME_ADDRESS, "même adresse postale"


def _child_signs(child: RequestedChild, children: Iterable[Child]) -> Iterable[tuple[int, str]]:
    born_that_day = [c for c in children if c.birth_date == child.birth_date]
    if any(same_person(child, known) for known in born_that_day):
        yield SAME_CHILD, f"même enfant : {child.first_name} {child.last_name}"
    elif any(folded(child.first_name) == folded(known.first_name) for known in born_that_day):
        yield (
            SAME_FIRST_NAME_AND_BIRTH,
            f"enfant de même prénom, né le même jour : {child.first_name}",
        )


def _same_place(one: Address, other: Address) -> bool:
    return bool(one.lines and other.lines) and (
        (folded(one.lines[0]), one.postcode) == (folded(other.lines[0]), other.postcode)
    )
