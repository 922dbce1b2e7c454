"""What accounts tells of ways in and of what families decide: facts by id."""

from uuid import UUID

from contracts.envelope import Event
from contracts.events import access as events
from services.accounts.model.consents import ConsentAnswer, ConsentText
from services.accounts.model.issuing import PlannedBatch
from services.accounts.model.signing_in import Account


def codes_planned(batch: PlannedBatch) -> Event:
    """Codes will be issued on a day."""
    return events.AccessCodesPlanned(batch_id=batch.batch_id, planned_for=batch.planned_for)


def codes_withdrawn(batch_id: UUID) -> Event:
    """They will not."""
    return events.AccessCodesWithdrawn(batch_id=batch_id)


def second_factor_taken_up(account: Account) -> Event:
    """An account asks for a code from now on."""
    return events.SecondFactorTakenUp(account_id=account.account_id, family_id=account.family_id)


def second_factor_given_up(account: Account) -> Event:
    """An account asks for none any more."""
    return events.SecondFactorGivenUp(account_id=account.account_id, family_id=account.family_id)


def france_connect_linked(account: Account) -> Event:
    """FranceConnect signs in to an account."""
    return events.FranceConnectLinked(account_id=account.account_id, family_id=account.family_id)


def france_connect_unlinked(account: Account) -> Event:
    """It does no more."""
    return events.FranceConnectUnlinked(account_id=account.account_id, family_id=account.family_id)


def staff_account_kept(account: Account, *, is_new: bool) -> Event:
    """A member of the staff has an account, or another than before."""
    if is_new:
        return events.StaffAccountCreated(account_id=account.account_id, roles=account.roles)
    return events.StaffAccountChanged(
        account_id=account.account_id, roles=account.roles, disabled=account.disabled
    )


def consent_published(text: ConsentText) -> Event:
    """A text is asked, in a version."""
    return events.ConsentTextPublished(consent_id=text.consent_id, version=text.version)


def consent_withdrawn(consent_id: UUID) -> Event:
    """A text is asked no more."""
    return events.ConsentTextWithdrawn(consent_id=consent_id)


def consent_answered(answer: ConsentAnswer) -> Event:
    """A home has answered for its child."""
    return events.ConsentAnswered(
        family_id=answer.family_id,
        child_id=answer.child_id,
        consent_id=answer.consent_id,
        version=answer.version,
    )


def erasure_withdrawn(family_id: UUID) -> Event:
    """A family stays after all."""
    return events.FamilyErasureWithdrawn(family_id=family_id)


def erasure_refused(family_id: UUID) -> Event:
    """A family is not forgotten."""
    return events.FamilyErasureRefused(family_id=family_id)
