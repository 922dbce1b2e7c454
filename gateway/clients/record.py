"""The whole family record, which accounts keeps, as the portal asks for it."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from gateway.clients.area import LONG, Area
from gateway.readers.accounts import Family, FamilyChild, Guardian
from gateway.readers.record import (
    AccountRequest,
    AccountRequests,
    Change,
    ChangeQueue,
    Changes,
    ConsentText,
    ConsentTexts,
    CustodySpan,
    CustodySpans,
    Rules,
)

# The funds may take their time; the page waits for them.
PATIENT = LONG + 2


class RecordClient(Area):
    """Persons, custody, consents, rules; of the caller's own family unless one is named."""

    async def amend_guardian(
        self, guardian_id: UUID, changes: Mapping[str, Any], family_id: UUID | None = None
    ) -> Family:
        path = f"{self._family(family_id)}/guardians/{guardian_id}"
        return await self.send(Family, "PATCH", path, changes)

    async def amend_child(
        self, child_id: UUID, changes: Mapping[str, Any], family_id: UUID | None = None
    ) -> Family:
        return await self.send(Family, "PATCH", self._child(child_id, family_id), changes)

    async def open_record(self, household: Mapping[str, Any]) -> Family:
        """A record made by hand; refused with `family-resembles` until one insists."""
        return await self.send(Family, "POST", "/families", household)

    async def guardian(self, guardian_id: UUID) -> Guardian:
        """One's own family's; of another one's there is a line in the trail, and nothing else."""
        return await self.read(Guardian, f"{self._family(None)}/guardians/{guardian_id}")

    async def child(self, child_id: UUID) -> FamilyChild:
        """One's own family's; of another one's there is a line in the trail, and nothing else."""
        return await self.read(FamilyChild, self._child(child_id, None))

    async def add_guardian(
        self, person: Mapping[str, Any], family_id: UUID | None = None
    ) -> Family:
        """Whom a parent adds waits for the staff; refused with `person-listed`."""
        return await self.send(Family, "POST", f"{self._family(family_id)}/guardians", person)

    async def add_child(self, person: Mapping[str, Any], family_id: UUID | None = None) -> Family:
        """Whom a parent adds waits for the staff; refused with `person-listed`."""
        return await self.send(Family, "POST", f"{self._family(family_id)}/children", person)

    async def remove_guardian(self, family_id: UUID, guardian_id: UUID) -> None:
        """The account ends; refused with `last-guardian`."""
        await self.order("DELETE", f"{self._family(family_id)}/guardians/{guardian_id}")

    async def remove_child(self, family_id: UUID, child_id: UUID) -> None:
        await self.order("DELETE", self._child(child_id, family_id))

    async def put_first(self, family_id: UUID, guardian_id: UUID) -> None:
        """This guardian receives the family's messages."""
        await self.order("POST", f"{self._family(family_id)}/guardians/{guardian_id}/first")

    async def type_quotient(
        self, quotient: Mapping[str, Any], family_id: UUID | None = None
    ) -> Family:
        """A parent's waits for the staff."""
        return await self.send(Family, "POST", f"{self._family(family_id)}/quotient", quotient)

    async def fetch_quotient(
        self, identity: Mapping[str, Any], family_id: UUID | None = None
    ) -> Family:
        """Refused with quotient-not-found or quotient-source-away; nothing is then changed."""
        path = f"{self._family(family_id)}/quotient/fetch"
        return await self.send(Family, "POST", path, identity, deadline=PATIENT, is_secret=True)

    async def answer_consent(
        self,
        child_id: UUID,
        consent_id: UUID,
        *,
        version: int,
        granted: bool,
        family_id: UUID | None = None,
    ) -> None:
        path = f"{self._child(child_id, family_id)}/consents/{consent_id}"
        await self.order("POST", path, {"version": version, "granted": granted})

    async def changes(
        self, family_id: UUID | None = None, size: int | None = None
    ) -> Sequence[Change]:
        """The last changes of the record, the newest first."""
        path = f"{self._family(family_id)}/changes"
        return (await self.read(Changes, path, size=size)).changes

    async def custody(self, first: date, last: date) -> Sequence[CustodySpan]:
        """Where the family's children in two homes are, at most 100 days."""
        query = {"from": first, "to": last}
        return (await self.read(CustodySpans, f"{self._family(None)}/custody", **query)).spans

    async def account_requests(self) -> Sequence[AccountRequest]:
        """The requests by which the family came to its account."""
        path = f"{self._family(None)}/account-requests"
        return (await self.read(AccountRequests, path)).requests

    async def link_second_home(self, family_id: UUID, child_id: UUID, reference: str) -> None:
        path = f"{self._child(child_id, family_id)}/second-home"
        await self.order("POST", path, {"reference": reference})

    async def unlink_second_home(self, family_id: UUID, child_id: UUID) -> None:
        await self.order("DELETE", f"{self._child(child_id, family_id)}/second-home")

    async def set_custody(
        self, family_id: UUID, child_id: UUID, custody: Mapping[str, Any]
    ) -> None:
        await self.order("POST", f"{self._child(child_id, family_id)}/custody", custody)

    async def rules(self) -> Rules:
        return await self.read(Rules, "/record-rules")

    async def set_rules(self, *, required: Sequence[str], reviewed: Sequence[str]) -> None:
        chosen = {"required": list(required), "reviewed": list(reviewed)}
        await self.order("PATCH", "/record-rules", chosen)

    async def consent_texts(self) -> Sequence[ConsentText]:
        return (await self.read(ConsentTexts, "/consents")).texts

    async def publish_consent(self, title: str, body: str, consent_id: UUID | None = None) -> None:
        """Another text, or the next version of one: every home is asked again."""
        path = f"/consents/{consent_id}/versions" if consent_id else "/consents"
        await self.order("POST", path, {"title": title, "body": body})

    async def withdraw_consent(self, consent_id: UUID) -> None:
        await self.order("DELETE", f"/consents/{consent_id}")

    async def waiting_changes(self, page: int = 1, size: int = 25) -> ChangeQueue:
        return await self.read(ChangeQueue, "/record-changes", page=page, size=size)

    async def accept_change(self, change_id: UUID) -> None:
        await self.order("POST", f"/record-changes/{change_id}/accept")

    async def refuse_change(self, change_id: UUID, reason: str) -> None:
        await self.order("POST", f"/record-changes/{change_id}/refuse", {"reason": reason})

    def _family(self, family_id: UUID | None) -> str:
        return f"/families/{family_id or self.caller.family_id}"

    def _child(self, child_id: UUID, family_id: UUID | None) -> str:
        return f"{self._family(family_id)}/children/{child_id}"
