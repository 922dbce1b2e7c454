"""enrolment, as the portal asks it."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from gateway.clients.area import Area
from gateway.readers import (
    Activities,
    Activity,
    BulkOutcome,
    BulkOutcomes,
    Enrolment,
    EnrolmentChild,
    EnrolmentChildren,
    Enrolments,
    Papers,
    School,
    Schools,
    SchoolYear,
    SchoolYears,
)

MOST_AT_ONCE = 500  # what enrolment gives on one page


class EnrolmentClient(Area):
    """School years, schools, activities, enrolment requests."""

    async def school_years(self) -> Sequence[SchoolYear]:
        return (await self.read(SchoolYears, "/school-years")).school_years

    async def schools(self) -> Sequence[School]:
        return (await self.read(Schools, "/schools")).schools

    async def activities(self) -> Sequence[Activity]:
        return (await self.read(Activities, "/activities")).activities

    async def save_school_year(self, school_year: Mapping[str, Any]) -> None:
        await self.order("POST", "/school-years", school_year)

    async def save_school(self, school: Mapping[str, Any]) -> None:
        await self.order("POST", "/schools", school)

    async def save_activity(self, activity: Mapping[str, Any]) -> None:
        """Create it, or change the one of the same code."""
        await self.order("POST", "/activities", activity)

    async def children(self) -> Sequence[EnrolmentChild]:
        """The caller's children, as enrolment knows them."""
        return (await self.read(EnrolmentChildren, "/children")).children

    async def enrolments(
        self, status: str | None = None, child_id: UUID | None = None
    ) -> Sequence[Enrolment]:
        """A guardian's own; for the staff the newest 500 (`page_of_enrolments` has them all)."""
        query = {"status": status, "child_id": child_id, "size": MOST_AT_ONCE}
        found = await self.read(Enrolments, "/enrolments", **query)
        return found.enrolments

    async def page_of_enrolments(
        self,
        *,
        status: str | None = None,
        family_id: UUID | None = None,
        activity_id: UUID | None = None,
        school_year: str | None = None,
        page: int = 1,
        size: int = 50,
    ) -> Enrolments:
        """For the staff: one page, and `total`."""
        query = {
            "status": status,
            "family_id": family_id,
            "activity_id": activity_id,
            "school_year": school_year,
        }
        return await self.read(Enrolments, "/enrolments", **query, page=page, size=size)

    async def papers(
        self,
        family_id: UUID | None = None,
        *,
        child_id: UUID | None = None,
        activity_id: UUID | None = None,
    ) -> Papers:
        """What is asked of the family; with an activity, what it asks for this child."""
        query = {"family_id": family_id, "child_id": child_id, "activity_id": activity_id}
        return await self.read(Papers, "/papers", **query)

    async def enrolment(self, enrolment_id: UUID) -> Enrolment:
        """One request, of the own family or for the staff any."""
        return await self.read(Enrolment, f"/enrolments/{enrolment_id}")

    async def request_for(
        self, family_id: UUID, child_id: UUID, activity_id: UUID, *, regulations_accepted: bool
    ) -> Enrolment:
        """For the staff: a request that a family makes at the counter."""
        body = {
            "family_id": str(family_id),
            "child_id": str(child_id),
            "activity_id": str(activity_id),
            "regulations_accepted": regulations_accepted,
        }
        return await self.send(Enrolment, "POST", "/enrolments", body)

    async def accept(self, enrolment_id: UUID) -> None:
        await self.order("POST", f"/enrolments/{enrolment_id}/accept")

    async def accept_several(self, enrolment_ids: Sequence[UUID]) -> Sequence[BulkOutcome]:
        body = {"enrolment_ids": [str(one) for one in enrolment_ids]}
        return (await self.send(BulkOutcomes, "POST", "/acceptances", body)).items

    async def refuse(self, enrolment_id: UUID, reason: str) -> None:
        await self.order("POST", f"/enrolments/{enrolment_id}/refuse", {"reason": reason})

    async def send_back(self, enrolment_id: UUID, note: str) -> None:
        await self.order("POST", f"/enrolments/{enrolment_id}/return", {"note": note})

    async def put_on_waiting_list(self, enrolment_id: UUID) -> None:
        await self.order("POST", f"/enrolments/{enrolment_id}/wait", {})

    async def complete(self, enrolment_id: UUID, note: str) -> Enrolment:
        """Send again what was sent back."""
        path = f"/enrolments/{enrolment_id}/completion"
        return await self.send(Enrolment, "POST", path, {"note": note})

    async def withdraw(self, enrolment_id: UUID, ends_on: date | None, note: str = "") -> Enrolment:
        """Take a request back, or leave after this day."""
        body = {"ends_on": ends_on.isoformat() if ends_on else None, "note": note}
        return await self.send(Enrolment, "POST", f"/enrolments/{enrolment_id}/withdrawal", body)
