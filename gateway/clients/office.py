"""accounts, as the office asks it: newcomers' requests, codes in bulk."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from gateway.clients.area import IMPORT, TRANSFER, Area
from gateway.readers import CodesIssued, ImportReport
from gateway.readers.office import (
    AccountRequest,
    AccountRequestList,
    ApprovedRequest,
    CodeBatch,
    CodeBatches,
    CodeRecipients,
    MergedFamily,
    MergePreview,
    RolledOver,
    RollOverPreview,
)
from gateway.transfer import Download


class OfficeClient(Area):
    """What the office does for many families, or for one that is not a family yet."""

    async def ask_for_account(self, household: Mapping[str, Any], origin: str) -> None:
        """Refused with 429 `too-many-requests` when `origin` asks too often."""
        await self.order("POST", "/account-requests", {**household, "origin": origin})

    async def confirm_request(self, token: str) -> None:
        """Refused with 410 `link-not-valid`."""
        await self.order("POST", "/account-requests/confirm", {"token": token})

    async def requests(self, status: str, page: int, size: int) -> AccountRequestList:
        return await self.read(
            AccountRequestList, "/account-requests", status=status, page=page, size=size
        )

    async def request(self, request_id: UUID) -> AccountRequest:
        return await self.read(AccountRequest, f"/account-requests/{request_id}")

    async def approve_request(
        self, request_id: UUID, *, family_id: UUID | None, resident: bool, use_contacts: bool
    ) -> ApprovedRequest:
        """Into this family, or as a new one."""
        body = {
            "family_id": str(family_id) if family_id else None,
            "resident": resident,
            "use_contacts": use_contacts,
        }
        path = f"/account-requests/{request_id}/approve"
        return await self.send(ApprovedRequest, "POST", path, body)

    async def refuse_request(self, request_id: UUID, reason: str) -> None:
        await self.order("POST", f"/account-requests/{request_id}/refuse", {"reason": reason})

    async def code_recipients(
        self, outcome: str | None, guardians: str, page: int, size: int
    ) -> CodeRecipients:
        """What an issue to all would do for each family, or with `all` each guardian."""
        return await self.read(
            CodeRecipients,
            "/access-codes/recipients",
            outcome=outcome,
            guardians=guardians,
            page=page,
            size=size,
        )

    async def code_batches(self) -> Sequence[CodeBatch]:
        return (await self.read(CodeBatches, "/access-codes/batches")).batches

    async def issue_codes(
        self,
        *,
        guardian_id: UUID | None = None,
        guardians: str = "first",
        only: str | None = None,
        planned_for: date | None = None,
    ) -> CodesIssued:
        """To this guardian or to all that are ready; on a later day when one is given."""
        body = {
            "guardian_ids": [str(guardian_id)] if guardian_id else None,
            "guardians": guardians,
            "only": only,
            "planned_for": planned_for.isoformat() if planned_for else None,
        }
        return await self.send(CodesIssued, "POST", "/access-codes", body, deadline=TRANSFER)

    async def withdraw_batch(self, batch_id: UUID) -> None:
        await self.order("DELETE", f"/access-codes/batches/{batch_id}")

    async def reissue_batch(self, batch_id: UUID, only: str | None = None) -> CodesIssued:
        path = f"/access-codes/batches/{batch_id}/reissue"
        return await self.send(CodesIssued, "POST", path, {"only": only}, deadline=TRANSFER)

    async def merge_preview(self, family_id: UUID, other: UUID) -> MergePreview:
        """Both records side by side."""
        return await self.read(MergePreview, f"/families/{family_id}/merge/{other}")

    async def merge_families(
        self, family_id: UUID, merged_family_id: UUID, take: Sequence[str]
    ) -> MergedFamily:
        """Put the other record into this one; `take` are the differences it is believed on."""
        path = f"/families/{family_id}/merge/{merged_family_id}"
        return await self.send(MergedFamily, "POST", path, {"take": list(take)})

    async def roll_over_preview(self) -> RollOverPreview:
        """Who would change class and how, and the years done."""
        return await self.read(RollOverPreview, "/roll-overs")

    async def roll_over(self, school_year: str, confirmed: str = "") -> RolledOver:
        """Refused with 409 `already-rolled-over` the second time, `roll-over-not-due` untimely."""
        body = {"school_year": school_year, "confirmed": confirmed}
        return await self.send(RolledOver, "POST", "/roll-overs", body, deadline=TRANSFER)

    async def keep_class_ladder(self, steps: Sequence[str]) -> None:
        await self.order("POST", "/class-ladder", {"steps": list(steps)})

    async def import_checked(self, import_id: UUID, *, dry_run: bool) -> ImportReport:
        """Import the file of one's own check, or check it once more.

        Refused with 410 `checked-file-gone`, or 409 `import-outdated` when records changed since.
        """
        path = f"/imports/{import_id}/families"
        return await self.send(ImportReport, "POST", path, deadline=IMPORT, dry_run=dry_run)

    def import_report(self, import_id: UUID) -> Download:
        """What became of each line of a file, as CSV."""
        return self.download(f"/imports/{import_id}/report.csv")

    def export_families(self) -> Download:
        """Every family and child, as an import reads them."""
        return self.download("/exports/families.csv")
