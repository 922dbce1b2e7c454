"""The family record in answers: each reader is shown what it may see and no more."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from uuid import UUID

from services.accounts import schemas
from services.accounts.model import amending, completeness
from services.accounts.model.amending import Change
from services.accounts.model.completeness import Lack
from services.accounts.model.custody import Alternation, Custody, Stay
from services.accounts.model.family import Child, FamilyRecord
from services.accounts.model.wording import in_french, what
from services.accounts.queries import GuardianAccount
from services.accounts.queries.record import Queue, RecordView
from services.accounts.repository.changes import Rules
from services.accounts.schemas import person as parts
from services.accounts.schemas import record as record_schemas
from services.accounts.schemas import rules as rules_schemas
from services.chassis.auth import Caller


def family_answer(
    view: RecordView,
    accounts: Mapping[UUID, GuardianAccount],
    caller: Caller,
    today: date,
    *,
    can_fetch_quotient: bool,
) -> schemas.FamilyAnswer:
    """The record as this caller may see it."""
    record = view.record
    for_staff = caller.family_scope is None
    if not for_staff:
        # The other parent's login is not this one's to know.
        accounts = {g: a for g, a in accounts.items() if a.account_id == caller.account_id}
    fields = asdict(record)
    for guardian in fields["guardians"]:
        account = accounts.get(guardian["guardian_id"])
        guardian["account"] = asdict(account) if account else None
    for child, shown in zip(record.children, fields["children"], strict=True):
        shown["consents"] = consents(view, child, for_staff=for_staff)
        shown["custody"] = custody(view, child, today, for_staff=for_staff)
    shown_lacks = tuple(lack(one, record) for one in view.lacks)
    return schemas.FamilyAnswer(
        **fields,
        label=record.label,
        can_fetch_quotient=can_fetch_quotient,
        complete=not shown_lacks,
        missing=tuple(one.label for one in shown_lacks),
        lacks=shown_lacks,
        pending=tuple(change(c, what(c, record)) for c in view.pending),
    )


def lack(one: Lack, record: FamilyRecord) -> parts.LackAnswer:
    """Something missing, with whose it is."""
    label = completeness.label_of(one, record)
    return parts.LackAnswer(code=one.code, label=label, person_id=one.person_id)


def change(one: Change, label: str) -> parts.ChangeAnswer:
    """A change in French; who of the staff decided is not the family's to know."""
    return parts.ChangeAnswer(
        change_id=one.change_id,
        family_id=one.family_id,
        person_id=one.person_id,
        field=one.field.code,
        label=label,
        before=in_french(one.before),
        after=in_french(one.after),
        status=one.status,
        by_staff=one.by_staff,
        asked_at=one.asked_at,
        decided_at=one.decided_at,
        reason=one.reason,
    )


def consents(
    view: RecordView, child: Child, *, for_staff: bool
) -> tuple[parts.ConsentAnswered, ...]:
    """What this home answered for the child, text by text."""
    family_id = view.record.family_id
    shown = []
    for text in view.texts:
        homes = child.homes or (family_id,)
        given = {home: view.answers.get((home, child.child_id, text.consent_id)) for home in homes}
        current = {home: a for home, a in given.items() if a and a.version == text.version}
        own = current.get(family_id)
        agreed = len(current) == len(homes) and all(a.granted for a in current.values())
        shown.append(
            parts.ConsentAnswered(
                consent_id=text.consent_id,
                version=text.version,
                title=text.title,
                body=text.body,
                granted=own.granted if own else None,
                answered_at=own.answered_at if own else None,
                answered_by=own.answered_by if own else None,
                agreed_by_all=agreed if for_staff else None,
            )
        )
    return tuple(shown)


def custody(
    view: RecordView, child: Child, today: date, *, for_staff: bool
) -> parts.CustodyAnswer | None:
    """The child's calendar as seen from this home; None for a child with one home."""
    family_id = view.record.family_id
    other = child.other_home(family_id)
    if other is None:
        return None
    calendar = child.custody or Custody()
    weeks, home = calendar.alternation, calendar.home_on(today)
    return parts.CustodyAnswer(
        even_weeks_here=weeks.even_home == family_id if weeks else None,
        change_weekday=weeks.change_weekday if weeks else None,
        stays=tuple(
            parts.StayAnswer(here=stay.home == family_id, first=stay.first, last=stay.last)
            for stay in calendar.stays
        ),
        here_today=None if home is None else home == family_id,
        other_home=parts.OtherHomeAnswer(**view.homes[other])
        if for_staff and other in view.homes
        else None,
    )


def custody_of(body: record_schemas.CustodyBody, here: UUID, there: UUID) -> Custody:
    """The calendar that the body describes from one home."""
    weeks = None
    if body.even_weeks_here is not None:
        even, odd = (here, there) if body.even_weeks_here else (there, here)
        weeks = Alternation(even, odd, body.change_weekday)
    stays = tuple(Stay(here if s.here else there, s.first, s.last) for s in body.stays)
    return Custody(weeks, stays)


def rules_answer(rules: Rules, *, can_fetch_quotient: bool) -> rules_schemas.RulesAnswer:
    """All that the town can choose, and what it chose."""
    return rules_schemas.RulesAnswer(
        requirements=tuple(
            rules_schemas.RequirementAnswer(
                code=r.code,
                label=r.label,
                scope=r.scope,
                required=r.always or r.code in rules.required,
                always=r.always,
            )
            for r in completeness.REQUIREMENTS
        ),
        fields=tuple(
            rules_schemas.FieldRuleAnswer(
                code=field.code,
                label=field.label,
                scope=field.scope,
                reviewed=amending.waits(field, rules.reviewed),
                always=field.always_reviewed,
            )
            for field in (*amending.FIELDS, *amending.ADDITIONS)
        ),
        can_fetch_quotient=can_fetch_quotient,
    )


def queue_answer(found: Queue, page: int, size: int) -> rules_schemas.QueueAnswer:
    """What waits, with the families' names."""
    rows = []
    for waiting in found.changes:
        record = found.records[waiting.family_id]
        shown = change(waiting, what(waiting, record))
        rows.append(
            rules_schemas.QueuedChange(
                **shown.model_dump(), family_label=record.label, family_reference=record.reference
            )
        )
    return rules_schemas.QueueAnswer(changes=tuple(rows), total=found.total, page=page, size=size)
