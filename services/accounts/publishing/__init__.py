"""What accounts tells the rest of the town."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from contracts.envelope import Event, Fact
from contracts.events import accounts as events
from contracts.events.audit import StaffActed
from services.accounts.model.amending import Change
from services.accounts.model.consents import SaidConsent
from services.accounts.model.family import Child, FamilyRecord, Guardian
from services.accounts.model.issuing import IssuedCode
from services.accounts.model.joining import Joined
from services.accounts.model.leaving import ErasureRequest
from services.accounts.model.links import Forgetful, MailChange
from services.accounts.model.requests import AccountRequest
from services.accounts.model.tokens import Session

F = TypeVar("F", bound=Fact)


def family_saved(record: FamilyRecord, consents: Sequence[SaidConsent]) -> Iterator[Event]:
    """A record is new or different: the bare fact for all, the file for the services.

    `consents` are what this home said for its children.
    """
    fact = events.FamilyRegistered if record.record_version == 1 else events.FamilyChanged
    yield fact(family_id=record.family_id, record_version=record.record_version)
    yield _family_file(record, consents)


def families_merged(joined: Joined) -> Event:
    """What was one family's is another's from now on."""
    return events.FamiliesMerged(
        family_id=joined.record.family_id,
        merged_family_id=joined.merged_family_id,
        children=tuple(
            events.JoinedChild(child_id=kept, merged_child_id=gone)
            for gone, kept in joined.children.items()
        ),
    )


def codes_issued(
    codes: Iterable[IssuedCode], batch_id: UUID, expires_at: datetime
) -> Iterator[Event]:
    """Codes were issued: the fact for all, each code sealed for notifications."""
    for issued in codes:
        guardian = issued.recipient
        yield events.AccessCodesIssued(
            batch_id=batch_id,
            family_id=guardian.family_id,
            account_id=issued.account_id,
            channel=guardian.channel,
        )
        yield events.AccessCodeReady(
            account_id=issued.account_id,
            family_id=guardian.family_id,
            guardian_id=guardian.guardian_id,
            batch_id=batch_id,
            login=issued.login,
            sealed_password=issued.code.sealed,
            expires_at=expires_at,
            channel=guardian.channel,
        )


def change_decided(
    change: Change,
    what: str,
    now: datetime,
    *,
    asked_by: UUID | None,
    reason: str | None = None,
) -> Event:
    """The staff accepted what a parent asked, or refused it for this reason."""
    return events.RecordChangeDecided(
        change_id=change.change_id,
        family_id=change.family_id,
        guardian_id=asked_by,
        what=what,
        accepted=reason is None,
        reason=reason,
        decided_at=now,
    )


def password_changed(account_id: UUID, family_id: UUID | None) -> Event:
    """An account has another password."""
    return events.PasswordChanged(account_id=account_id, family_id=family_id)


def staff_signed_in(session: Session) -> Event:
    """A member of the staff came in: a line of the trail like what they then do."""
    return StaffActed(
        act_id=session.session_id,
        at=session.created_at,
        service="accounts",
        action="sign_in",
        label="Se connecter",
        account_id=session.account_id,
        roles=tuple(sorted(session.roles)),
        outcome="done",
    )


def request_received(request: AccountRequest, sealed_token: str) -> Event:
    """A newcomer's mail address is to be confirmed by the link that this token makes."""
    asker = request.form.asker
    return events.AccountRequestReceived(
        request_id=request.request_id,
        first_name=asker.first_name,
        last_name=asker.last_name,
        mail=request.form.mail,
        sealed_token=sealed_token,
        expires_at=request.link_expires_at,
    )


def request_confirmed(request_id: UUID) -> Event:
    """A request awaits the staff."""
    return events.AccountRequestConfirmed(request_id=request_id)


def request_approved(request_id: UUID, family_id: UUID) -> Event:
    """A newcomer has a family record."""
    return events.AccountRequestApproved(request_id=request_id, family_id=family_id)


def request_refused(request: AccountRequest, reason: str) -> Event:
    """A newcomer is told why there will be no account."""
    asker = request.form.asker
    return events.AccountRequestRefused(
        request_id=request.request_id,
        first_name=asker.first_name,
        last_name=asker.last_name,
        mail=request.form.mail,
        reason=reason,
    )


def erasure_planned(request: ErasureRequest) -> Event:
    """A family asked to be forgotten."""
    return events.FamilyErasurePlanned(family_id=request.family_id, asked_at=request.asked_at)


def family_erased(family_id: UUID, erased_at: datetime) -> Event:
    """A family is forgotten here, and to be forgotten everywhere."""
    return events.FamilyErased(family_id=family_id, erased_at=erased_at)


def reset_ready(
    reset_id: UUID, forgetful: Forgetful, sealed_token: str, expires_at: datetime
) -> Event:
    """A link to choose another password, sealed for notifications."""
    return events.PasswordResetReady(
        account_id=forgetful.account_id,
        family_id=forgetful.family_id,
        guardian_id=forgetful.guardian_id,
        reset_id=reset_id,
        login=forgetful.login,
        mail=forgetful.mail,
        sealed_token=sealed_token,
        expires_at=expires_at,
    )


def mail_change_requested(
    change: MailChange, sealed_confirmation: str, sealed_cancellation: str | None
) -> Event:
    """Another mail address is wanted: both ends are to be written to."""
    return events.MailChangeRequested(
        change_id=change.change_id,
        account_id=change.account_id,
        family_id=change.family_id,
        guardian_id=change.guardian_id,
        new_mail=change.new_mail,
        old_mail=change.old_mail,
        sealed_confirmation=sealed_confirmation,
        sealed_cancellation=sealed_cancellation,
        old_confirms=change.old_confirms,
        expires_at=change.expires_at,
    )


def _family_file(record: FamilyRecord, consents: Sequence[SaidConsent]) -> events.FamilyFileUpdated:
    address = record.address
    return events.FamilyFileUpdated(
        family_id=record.family_id,
        record_version=record.record_version,
        reference=record.reference,
        resident=record.resident,
        quotient=record.quotient,
        quotient_valid_until=record.quotient_valid_until,
        address=events.Address(lines=address.lines, postcode=address.postcode, city=address.city),
        guardians=tuple(_as(events.GuardianFile, g) for g in record.guardians),
        children=tuple(
            _child(c, [said for said in consents if said.child_id == c.child_id])
            for c in record.children
        ),
    )


def _as(fact: type[F], person: Guardian | Child) -> F:
    """The person in the contract's words: its fields have the names of ours."""
    return fact.model_validate(person, from_attributes=True)


def _child(child: Child, consents: Sequence[SaidConsent]) -> events.ChildFile:
    fact = _as(events.ChildFile, replace(child, custody=None))
    return fact.model_copy(
        update={
            "custody": _custody(child),
            "pick_ups": tuple(
                events.PickUpFile(name=c.name, relation=c.link, phone=c.phone)
                for c in child.contacts
                if c.may_pick_up
            ),
            "care_instructions": child.pai.instructions if child.pai else "",
            "care_valid_until": child.pai.valid_until if child.pai else None,
            "consents": tuple(
                events.ConsentFile(title=said.title, granted=said.granted) for said in consents
            ),
        }
    )


def _custody(child: Child) -> events.CustodyFile | None:
    if child.custody is None:
        return None
    weeks = child.custody.alternation
    return events.CustodyFile(
        even_family_id=weeks.even_home if weeks else None,
        odd_family_id=weeks.odd_home if weeks else None,
        change_weekday=weeks.change_weekday if weeks else None,
        stays=tuple(
            events.StayFile(family_id=stay.home, first=stay.first, last=stay.last)
            for stay in child.custody.stays
        ),
    )
