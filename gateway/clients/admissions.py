"""enrolment again: windows and places, drafts, house rules, the distribution of places."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from gateway.clients.area import Area
from gateway.readers import (
    Admission,
    Admissions,
    Allocation,
    Allocations,
    Application,
    Choices,
    OwedRegulations,
    OwedRegulationsList,
    Regulations,
    RegulationsVersion,
    RegulationsVersions,
    Renewal,
    Renewals,
)

Wishes = Sequence[Mapping[str, Any]]


class AdmissionsClient(Area):
    """How children get in: what families choose from, and how the town gives its places."""

    async def choices(self, school_year: str | None = None) -> Choices:
        """What the family may ask for; in the first school year that is not over."""
        return await self.read(Choices, "/choices", school_year=school_year)

    async def renewals(self) -> Sequence[Renewal]:
        """What the children could go on with next year."""
        return (await self.read(Renewals, "/renewals")).renewals

    async def keep_draft(
        self, wishes: Wishes, *, together: bool, application_id: UUID | None = None
    ) -> Application:
        """Keep a draft, or make the one that is there be this instead."""
        body = {"items": list(wishes), "together": together}
        if application_id is None:
            return await self.send(Application, "POST", "/applications", body)
        return await self.send(Application, "PUT", f"/applications/{application_id}", body)

    async def send_draft(self, application_id: UUID, *, regulations_accepted: bool) -> Application:
        body = {"regulations_accepted": regulations_accepted}
        return await self.send(Application, "POST", f"/applications/{application_id}/send", body)

    async def discard_draft(self, application_id: UUID) -> None:
        await self.order("DELETE", f"/applications/{application_id}")

    async def regulations(self, school_year: str, activity_id: UUID | None = None) -> Regulations:
        """The house rules that a request accepts."""
        query = {"school_year": school_year, "activity_id": activity_id}
        return await self.read(Regulations, "/regulations", **query)

    async def owed_regulations(self) -> Sequence[OwedRegulations]:
        """The texts that the family is asked to accept."""
        return (await self.read(OwedRegulationsList, "/regulations/owed")).regulations

    async def regulations_versions(self) -> Sequence[RegulationsVersion]:
        return (await self.read(RegulationsVersions, "/regulations/versions")).versions

    async def accept_regulations(
        self, school_year: str, activity_id: UUID | None, version: int
    ) -> None:
        body = {
            "school_year": school_year,
            "activity_id": str(activity_id) if activity_id else None,
            "version": version,
        }
        await self.order("POST", "/regulations/acceptances", body)

    async def publish_regulations(self, regulations: Mapping[str, Any]) -> Regulations:
        return await self.send(Regulations, "POST", "/regulations", regulations)

    async def admissions(self, school_year: str | None = None) -> Mapping[UUID, Admission]:
        """By activity."""
        found = await self.read(Admissions, "/admissions", school_year=school_year)
        return {one.activity_id: one for one in found.admissions}

    async def save_admission(self, activity_id: UUID, admission: Mapping[str, Any]) -> None:
        await self.order("PUT", f"/admissions/{activity_id}", admission)

    async def allocations(self, activity_id: UUID) -> Sequence[Allocation]:
        """Previews and confirmed ones, the newest first, without their lines."""
        found = await self.read(Allocations, "/allocations", activity_id=activity_id)
        return found.allocations

    async def allocation(self, allocation_id: UUID) -> Allocation:
        return await self.read(Allocation, f"/allocations/{allocation_id}")

    async def preview(self, activity_id: UUID, seed: str) -> Allocation:
        body = {"activity_id": str(activity_id), "seed": seed}
        return await self.send(Allocation, "POST", "/allocations", body)

    async def confirm(self, allocation_id: UUID) -> Allocation:
        return await self.send(Allocation, "POST", f"/allocations/{allocation_id}/confirm")
