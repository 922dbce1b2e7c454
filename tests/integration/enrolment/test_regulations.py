"""House rules: read, accepted, asked again when they change."""

from uuid import uuid4

from services.chassis.testing import RunningService, guardian
from tests.integration.enrolment.town import OFFICE_AGENT, ask, family_file, publish_canteen

LABEL = "2026-2027"


async def publish(service: RunningService, text: str, activity_id: str | None = None) -> int:
    body = {"school_year": LABEL, "title": "Règlement", "text": text}
    own = {"activity_id": activity_id} if activity_id else {}
    reply = await service.post("/regulations", OFFICE_AGENT, json=body | own)
    assert reply.status == 200, reply.body
    version: int = reply.json["version"]
    return version


async def test_a_new_version_asks_the_families_again_and_each_answer_is_kept(
    enrolment: RunningService,
) -> None:
    canteen = await publish_canteen(enrolment)
    await publish(enrolment, f"Article 1. {uuid4()}")
    family = family_file()
    await enrolment.tell(family)
    parent = guardian(family.family_id)
    await ask(enrolment, parent, family.children[0], canteen)
    assert (await enrolment.get("/regulations/owed", parent)).json["regulations"] == []
    version = await publish(enrolment, f"Article 1, revu. {uuid4()}")
    [owed] = (await enrolment.get("/regulations/owed", parent)).json["regulations"]
    assert (owed["version"], owed["accepted_version"]) == (version, version - 1)
    old = {"school_year": LABEL, "version": version - 1}
    refused = await enrolment.post("/regulations/acceptances", parent, json=old)
    assert (refused.status, refused.json["type"]) == (409, "/problems/old-regulations")
    body = {"school_year": LABEL, "version": version}
    for _ in range(2):
        assert (await enrolment.post("/regulations/acceptances", parent, json=body)).status == 200
    assert (await enrolment.get("/regulations/owed", parent)).json["regulations"] == []
    versions = (await enrolment.get("/regulations/versions", OFFICE_AGENT)).json["versions"]
    newest = next(v for v in versions if v["school_year"] == LABEL and not v["activity_id"])
    assert (newest["version"], newest["accepted_by"]) == (version, 1)


async def test_an_activity_may_have_rules_of_its_own(enrolment: RunningService) -> None:
    canteen, other = await publish_canteen(enrolment), await publish_canteen(enrolment)
    family = family_file()
    await enrolment.tell(family)
    parent = guardian(family.family_id)
    await ask(enrolment, parent, family.children[0], canteen)
    for one in (canteen, other):
        await publish(enrolment, "Prévoir une gourde.", one["activity_id"])
    owed = (await enrolment.get("/regulations/owed", parent)).json["regulations"]
    assert canteen["activity_id"] in [r["activity_id"] for r in owed]
    assert other["activity_id"] not in [r["activity_id"] for r in owed]
    body = {"school_year": LABEL, "activity_id": canteen["activity_id"], "version": 1}
    assert (await enrolment.post("/regulations/acceptances", parent, json=body)).status == 200
    read = await enrolment.get(
        f"/regulations?school_year={LABEL}&activity_id={canteen['activity_id']}", parent
    )
    assert read.json["text"] == "Prévoir une gourde."
