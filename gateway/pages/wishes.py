"""What a draft asks for, and what the criteria of its activities ask the family."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from gateway.forms import FieldRefused
from gateway.panels import Unavailable
from gateway.readers import Admission, Choices, Enrolment, WishOutcome

Pair = tuple[UUID, UUID]


def questions(
    drafts: Sequence[Enrolment], admissions: Mapping[UUID, Admission]
) -> list[tuple[str, str]]:
    """What the activities' criteria ask the family: each question once, or once a child."""
    asked: dict[str, str] = {}
    for draft in drafts:
        known = admissions.get(draft.activity_id)
        for criterion in known.declared if known else ():
            child_id = draft.child_id if criterion.per_child else None
            label = f"{draft.child_name} : {criterion.label}" if child_id else criterion.label
            asked.setdefault(question(criterion.code, child_id), label)
    return list(asked.items())


def asks_together(drafts: Sequence[Enrolment], admissions: Mapping[UUID, Admission]) -> bool:
    """Whether two children ask for one activity that gives its places by criteria."""
    by_criteria = {id_ for id_, known in admissions.items() if known.mode == "allocation"}
    wanted = [draft.activity_id for draft in drafts if draft.activity_id in by_criteria]
    return len(wanted) > len(set(wanted))


def at_other_schools(
    choices: Choices, places: Mapping[UUID, str], schools: Collection[str]
) -> set[str]:
    """The choices that take place at a school which is not the child's own."""
    return {
        choice(child.child_id, one.activity_id)
        for child in choices.children
        for one in child.choices
        if child.school_name
        and places.get(one.activity_id) in schools
        and places.get(one.activity_id) != child.school_name
    }


def sent_words(items: Sequence[WishOutcome]) -> str:
    """What became of what was sent, in a sentence."""
    states = [item.status for item in items]
    told = [
        f"{states.count(status)} {one if states.count(status) == 1 else several}"
        for status, one, several in (
            ("accepted", "acceptée", "acceptées"),
            ("waiting", "sur liste d’attente", "sur liste d’attente"),
            ("returned", "à compléter", "à compléter"),
        )
        if status in states
    ]
    if not told:
        return "Votre demande est envoyée. Le service enfance vous répondra par message."
    return f"Votre demande est envoyée : {', '.join(told)}."


def declared_in(drafts: Sequence[Enrolment]) -> set[str]:
    """The questions that were answered yes before; a family's answer holds for all its children."""
    return {
        question(code, child_id)
        for draft in drafts
        for code in draft.declared
        for child_id in (None, draft.child_id)
    }


def papers_of(drafts: Sequence[Enrolment]) -> list[tuple[Enrolment, Any]]:
    """Every paper that the draft's activities ask for, once a child."""
    found = {(p.document_type, p.child_id): (d, p) for d in drafts for p in d.papers}
    return list(found.values())


def drafts_of(found: Sequence[Enrolment] | Unavailable, draft_id: str) -> list[Enrolment]:
    """What one draft asks for, child by child."""
    if isinstance(found, Unavailable):
        return []
    own = (draft for draft in found if str(draft.application_id) == draft_id)
    return sorted(own, key=lambda draft: (draft.child_name, draft.activity_name))


def wish(child_id: UUID, activity_id: UUID, declared: Sequence[str] = ()) -> dict[str, Any]:
    """One child in one activity, as enrolment takes it."""
    return {
        "child_id": str(child_id),
        "activity_id": str(activity_id),
        "declared": list(declared),
    }


def choice(child_id: UUID, activity_id: UUID) -> str:
    """A ticked box of the form."""
    return f"{child_id}:{activity_id}"


def question(code: str, child_id: UUID | None) -> str:
    """A criterion's box in the form: the family's, or one child's."""
    return f"{code}:{child_id or ''}"


def pair_of(text: str) -> Pair:
    """The child and the activity of a ticked box. Raises FieldRefused."""
    child_id, _, activity_id = text.partition(":")
    try:
        return UUID(child_id), UUID(activity_id)
    except ValueError:
        raise FieldRefused("choix", "Choisissez parmi les activités proposées.") from None


def details(refused: Sequence[WishOutcome]) -> str:
    """Why these were refused, each reason once."""
    return " ".join(dict.fromkeys(item.detail or "" for item in refused))
