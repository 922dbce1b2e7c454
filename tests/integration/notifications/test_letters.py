"""Messages by letter: the tray, print batches, reprints."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from services.chassis.testing import staff
from services.notifications.channels.post import POST
from services.notifications.commands import erase_old_secrets
from tests.integration.notifications.conftest import (
    PostOffice,
    a_home_with_mail,
    a_home_without_mail,
    page_texts,
)

AGENT = staff("agent")


async def test_a_family_without_mail_gets_a_letter(office: PostOffice) -> None:
    home = a_home_without_mail()
    await office.service.tell(home.file(), home.access_code("Galet-Bleu-42"))
    await office.statuses(home, "to_print")
    tray = (await office.service.get("/letters?status=to_print", AGENT)).json
    assert tray["to_print"] == 1
    [letter] = tray["letters"]
    assert letter["recipient"].startswith("Anne Le Goff")
    [page] = page_texts(
        (await office.service.get(f"/letters/{letter['letter_id']}.pdf", AGENT)).body
    )
    assert "Galet-Bleu-42" in page
    assert "3 RUE DE L EGLISE" in page
    await office.statuses(home, "to_print")


async def test_a_letter_that_was_asked_for_is_printed_though_there_is_mail(
    office: PostOffice,
) -> None:
    home = a_home_with_mail()
    await office.service.tell(home.file(), home.access_code("Sable-9", channel="letter"))
    await office.statuses(home, "to_print")


async def test_a_print_batch_holds_all_that_waits_and_forgets_the_passwords(
    office: PostOffice,
) -> None:
    homes = [a_home_without_mail() for _ in range(3)]
    for number, home in enumerate(homes):
        await office.service.tell(home.file(), home.access_code(f"Code-Secret-{number}"))
    batch_id, pages = await office.print_tray()
    assert [f"Code-Secret-{n}" in page for n, page in enumerate(pages)] == [True] * 3
    for home in homes:
        await office.statuses(home, "printed")
        [event] = await office.sent(home)
        assert (event.subject_kind, event.channel) == ("access_code", "letter")
    assert await office.sealed_passwords(*homes) == 0
    assert b"Code-Secret" not in await office.fetchval(
        "SELECT sealed_pdf FROM print_batch WHERE batch_id = $1", batch_id
    )
    listed = (await office.service.get("/print-batches", AGENT)).json["print_batches"][0]
    assert (listed["batch_id"], listed["letters"], listed["pages"]) == (batch_id, 3, 3)


async def test_one_kind_of_letter_is_printed_and_the_others_wait(office: PostOffice) -> None:
    home = a_home_without_mail()
    await office.service.tell(home.file(), home.access_code("Bruyere-9"), home.invoice())
    await office.all_stand([home], "to_print")
    tray = (await office.service.get("/letters?status=to_print&size=1", AGENT)).json
    assert (len(tray["letters"]), tray["to_print"]) == (1, 2)
    assert tray["letters"][0]["subject"]
    assert {k["kind"]: k["letters"] for k in tray["by_kind"]} == {
        "access_code": 1,
        "invoice_issued": 1,
    }
    reply = await office.service.post("/letters/print?kind=invoice_issued", AGENT)
    assert reply.headers["X-Print-Letters"] == "1"
    left = (await office.service.get("/letters?status=to_print", AGENT)).json["letters"]
    assert [letter["kind"] for letter in left] == ["access_code"]


async def test_an_empty_tray_says_so(office: PostOffice) -> None:
    reply = await office.service.post("/letters/print", AGENT)
    assert (reply.status, reply.json["type"]) == (409, "/problems/nothing-to-print")


async def test_a_batch_is_printed_again_as_it_was(office: PostOffice) -> None:
    home = a_home_without_mail()
    await office.service.tell(home.file(), home.access_code("Bruyere-5"))
    batch_id, pages = await office.print_tray()
    again = await office.service.get(f"/print-batches/{batch_id}.pdf", AGENT)
    assert page_texts(again.body) == pages
    assert again.headers["Cache-Control"] == "private, no-store"


async def test_one_letter_of_a_batch_is_printed_again(office: PostOffice) -> None:
    homes = [a_home_without_mail() for _ in range(3)]
    for number, home in enumerate(homes):
        await office.service.tell(home.file(), home.access_code(f"Vent-{number}"))
    await office.print_tray()
    for number, home in enumerate(homes):
        [message] = await office.messages(home)
        reply = await office.service.get(f"/letters/{message['message_id']}.pdf", AGENT)
        [page] = page_texts(reply.body)
        assert f"Vent-{number}" in page


async def test_two_clerks_who_print_at_once_print_each_letter_once(office: PostOffice) -> None:
    homes = [a_home_without_mail() for _ in range(4)]
    for home in homes:
        await office.service.tell(home.file(), home.invoice())
    await office.all_stand(homes, "to_print")
    replies = await asyncio.gather(
        *(office.service.post("/letters/print", staff("agent")) for _ in range(2))
    )
    assert sorted(reply.status for reply in replies) == [200, 409]
    [printed] = [reply for reply in replies if reply.status == 200]
    assert printed.headers["X-Print-Letters"] == "4"
    for home in homes:
        assert len(await office.sent(home)) == 1


async def test_more_letters_than_one_slice_keep_their_order(office: PostOffice) -> None:
    homes = [a_home_without_mail() for _ in range(60)]
    await office.service.tell(*(home.file() for home in homes))
    for home in homes:
        await office.service.publish(home.invoice())
    await office.all_stand(homes, "to_print")
    tray = (await office.service.get("/letters?status=to_print", AGENT)).json["letters"]
    _, pages = await office.print_tray()
    assert len(pages) == 60
    for letter, page in zip(reversed(tray), pages, strict=True):
        assert letter["recipient"].upper() in page


async def test_an_expired_code_is_not_printed(office: PostOffice) -> None:
    home, other = a_home_without_mail(), a_home_without_mail()
    await office.service.tell(home.file(), home.access_code("Perime-1", days=-1))
    await office.service.tell(other.file(), other.invoice())
    await office.statuses(other, "to_print")
    _, pages = await office.print_tray()
    assert len(pages) == 1
    await office.statuses(home, "failed")


async def test_a_tray_of_expired_codes_is_an_empty_one(office: PostOffice) -> None:
    home = a_home_without_mail()
    await office.service.tell(home.file(), home.access_code("Perime-2", days=-1))
    assert (await office.service.post("/letters/print", AGENT)).status == 409
    await office.statuses(home, "failed")


async def test_old_print_files_and_expired_passwords_are_erased(office: PostOffice) -> None:
    home, waiting = a_home_without_mail(), a_home_without_mail()
    await office.service.tell(home.file(), home.access_code("Phare-1"))
    batch_id, _ = await office.print_tray()
    await office.service.tell(waiting.file(), waiting.access_code("Phare-2", days=10))
    later = datetime.now(UTC) + timedelta(days=15)
    async with office.service.database.transaction() as connection:
        await erase_old_secrets(connection, office.service.app[POST], later)
    assert (await office.service.get(f"/print-batches/{batch_id}.pdf", AGENT)).status == 410
    [message] = await office.messages(home)
    path = f"/letters/{message['message_id']}.pdf"
    assert (await office.service.get(path, AGENT)).status == 410
    batches = (await office.service.get("/print-batches", AGENT)).json["print_batches"]
    assert not next(b for b in batches if b["batch_id"] == batch_id)["can_be_reprinted"]
    assert await office.sealed_passwords(home, waiting) == 0


async def test_unknown_letters_and_batches_are_not_found(office: PostOffice) -> None:
    for path in (f"/letters/{uuid4()}.pdf", f"/print-batches/{uuid4()}.pdf"):
        assert (await office.service.get(path, AGENT)).status == 404
    assert (await office.service.get("/letters/x.pdf", AGENT)).status == 422
    assert (await office.service.post(f"/messages/{uuid4()}/letter", AGENT)).status == 404


async def test_one_letter_is_printed_and_the_others_wait(office: PostOffice) -> None:
    home = a_home_without_mail()
    await office.service.tell(home.file(), home.access_code("Bruyere-9"), home.invoice())
    await office.all_stand([home], "to_print")
    code, invoice = sorted(await office.messages(home), key=lambda m: str(m["kind"]))
    path = f"/letters/{code['message_id']}/print"
    reply = await office.service.post(path, AGENT)
    assert reply.headers["X-Print-Letters"] == "1"
    assert "Bruyere-9" in page_texts(reply.body)[0]
    assert await office.sealed_passwords(home) == 0
    [event] = await office.sent(home)
    assert (event.subject_kind, event.channel) == ("access_code", "letter")
    left = (await office.service.get("/letters?status=to_print", AGENT)).json["letters"]
    assert [letter["letter_id"] for letter in left] == [invoice["message_id"]]
    again = await office.service.post(path, AGENT)
    assert (again.status, again.json["type"]) == (409, "/problems/letter-gone")


async def test_a_letter_marked_posted_leaves_the_tray_and_can_be_had_again(
    office: PostOffice,
) -> None:
    home = a_home_without_mail()
    await office.service.tell(home.file(), home.access_code("Ajonc-3"))
    await office.statuses(home, "to_print")
    [message] = await office.messages(home)
    path = f"/letters/{message['message_id']}"
    assert (await office.service.post(f"{path}/posted", AGENT)).status == 204
    await office.statuses(home, "printed")
    [batch] = (await office.service.get("/print-batches", AGENT)).json["print_batches"][:1]
    assert (batch["letters"], batch["recipient"][:13]) == (1, "Anne Le Goff ")
    assert "Ajonc-3" in page_texts((await office.service.get(f"{path}.pdf", AGENT)).body)[0]
    assert (await office.service.post(f"{path}/posted", AGENT)).status == 409


async def test_what_is_no_letter_is_not_printed(office: PostOffice) -> None:
    home = a_home_with_mail()
    await office.service.tell(home.file(), home.invoice())
    await office.statuses(home, "sent")
    [message] = await office.messages(home)
    for letter_id in (message["message_id"], uuid4()):
        assert (await office.service.post(f"/letters/{letter_id}/print", AGENT)).status == 404
