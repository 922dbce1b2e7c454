"""What was sent is read again, by the family and by the office, without its secrets."""

from uuid import uuid4

from services.chassis.testing import guardian, staff
from tests.integration.notifications.conftest import PostOffice, a_home_with_mail

AGENT = staff("agent")


async def test_a_family_reads_its_own_messages_again(office: PostOffice) -> None:
    home = a_home_with_mail()
    await office.service.tell(home.file(), home.invoice())
    await office.statuses(home, "sent")
    [message] = await office.messages(home)
    path = f"/messages/{message['message_id']}"
    for caller in (guardian(home.family_id), AGENT):
        said = (await office.service.get(path, caller)).json
        assert said["greeting"].startswith("Bonjour Anne Le Goff")
        assert any("facture" in paragraph for paragraph in said["opening"])
        assert "Facture" in [line["label"] for line in said["lines"]]
        assert said["message"]["page"].startswith("/factures/")
        assert not said["withheld"]
    assert (await office.service.get(path, guardian(uuid4()))).status == 404


async def test_codes_and_logins_are_never_shown_again(office: PostOffice) -> None:
    home = a_home_with_mail()
    code = home.access_code("Galet-Bleu-42")
    await office.service.tell(home.file(), code)
    await office.statuses(home, "sent")
    [message] = await office.messages(home)
    for caller in (guardian(home.family_id), AGENT):
        reply = await office.service.get(f"/messages/{message['message_id']}", caller)
        assert reply.json["withheld"]
        assert reply.json["lines"] == []
        assert reply.json["message"]["page"] == ""
        text = reply.body.decode()
        for secret in ("Galet-Bleu-42", code.login, "jeton"):
            assert secret not in text


async def test_a_code_that_waits_in_the_tray_is_not_shown_either(office: PostOffice) -> None:
    home = a_home_with_mail()
    await office.service.tell(home.file(), home.access_code("Sable-9", channel="letter"))
    await office.statuses(home, "to_print")
    [message] = await office.messages(home)
    reply = await office.service.get(f"/messages/{message['message_id']}", AGENT)
    assert reply.status == 200
    assert "Sable-9" not in reply.body.decode()
