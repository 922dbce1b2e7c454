"""What an endpoint declares by its handler's signature."""

from uuid import UUID

from services.chassis import openapi
from services.chassis.endpoints import Answer, Body, Call, get, post


class Place(Body):
    session_id: UUID


class Kept(Answer):
    kept: bool


class Between(Body):
    from_day: str = ""


async def keep_place(call: Call, child_id: UUID, body: Place) -> Kept:
    """Keep a place for a child.

    More words that the summary leaves out.
    """
    return Kept(kept=True)


async def list_places(call: Call, query: Between) -> Kept:
    """The places kept."""
    return Kept(kept=False)


KEEP = post("/children/{child_id}/places", keep_place, allow={"guardian"}, status=201)
LIST = get("/places", list_places, allow={"guardian"})


def test_the_signature_names_body_query_path_and_answer() -> None:
    assert (KEEP.body, KEEP.query, KEEP.answer) == (Place, None, Kept)
    assert list(KEEP.parameters.model_fields) == ["child_id"]
    assert (LIST.body, LIST.query) == (None, Between)


def test_the_document_says_what_the_handler_validates() -> None:
    document = openapi.document("places", "1", [KEEP, LIST])
    operation = document["paths"]["/children/{child_id}/places"]["post"]
    assert operation["summary"] == "Keep a place for a child."
    assert operation["parameters"][0]["schema"]["format"] == "uuid"
    assert operation["requestBody"]["content"]["application/json"]["schema"] == {
        "$ref": "#/components/schemas/Place"
    }
    assert set(operation["responses"]) == {"201", "default"}
    assert {"Place", "Kept", "Problem"} <= set(document["components"]["schemas"])
