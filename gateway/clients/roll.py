"""Rosters, the roll, the kitchen and absences, as the portal asks reservations."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from gateway.clients.area import Area
from gateway.readers.roll import (
    Absence,
    Absences,
    AbsenceStated,
    Kitchen,
    KitchenSession,
    Roster,
)


class RollClient(Area):
    """Who is expected and who came; what is cooked; who said that it would not come."""

    async def roster(self, session_id: UUID, **choice: Any) -> Roster:
        """`choice`: school_code, school_class, min_age, max_age, sort."""
        return await self.read(Roster, f"/sessions/{session_id}/roster", **choice)

    async def record_attendance(self, session_id: UUID, marks: Iterable[Mapping[str, Any]]) -> None:
        """Marks with child_id and state, arrived_at and left_at where they are spoken of."""
        body = {"marks": list(marks)}
        await self.order("POST", f"/sessions/{session_id}/attendance", body)

    async def kitchen(self, first: date, last: date) -> Sequence[KitchenSession]:
        """At most 62 days."""
        query = {"from": first, "to": last}
        return (await self.read(Kitchen, "/kitchen", **query)).sessions

    async def absences(self, state: str | None = None) -> Sequence[Absence]:
        """The family's own; for the office everybody's."""
        return (await self.read(Absences, "/absences", state=state)).absences

    async def declare_absence(
        self, child_id: UUID, first: date, last: date, reason_kind: str
    ) -> AbsenceStated:
        """For the signed-in family."""
        body = {
            "child_id": str(child_id),
            "from": first.isoformat(),
            "to": last.isoformat(),
            "reason_kind": reason_kind,
        }
        return await self.send(AbsenceStated, "POST", "/absences", body)

    async def withdraw_absence(self, absence_id: UUID) -> None:
        await self.order("DELETE", f"/absences/{absence_id}")

    async def excuse_absence(
        self, absence_id: UUID, certificate_on: date, *, override: bool
    ) -> None:
        """Refused with 409 certificate-late unless overridden."""
        body = {"certificate_on": certificate_on.isoformat(), "override": override}
        await self.order("POST", f"/absences/{absence_id}/excuse", body)

    async def refuse_absence(self, absence_id: UUID, reason: str) -> None:
        await self.order("POST", f"/absences/{absence_id}/refuse", {"reason": reason})
