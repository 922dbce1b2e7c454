"""Which files are taken, under which names, for whom."""

import io
import zipfile
from uuid import uuid4

import pytest

from deploy.clamd.main import EICAR
from services.documents.errors import (
    ChildNotFound,
    DepositRefused,
    FileRefused,
    FileTooLarge,
    FileTypeRefused,
)
from services.documents.model import (
    MAX_BYTES,
    DocumentType,
    Inspection,
    child_concerned,
    clean_filename,
)
from tests.unit.documents.builders import gathered, in_parts, jpeg, pdf, png

INSURANCE = DocumentType("insurance", "Attestation d’assurance", per_child=True)
ADDRESS = DocumentType("proof_of_address", "Justificatif de domicile", per_child=False)


async def inspected(content: bytes, part_size: int = 64 * 1024) -> Inspection:
    inspection = Inspection()
    assert await gathered(inspection.watch(in_parts(content, part_size))) == content
    return inspection


@pytest.mark.parametrize("part_size", [1, 3, 700, 64 * 1024])
@pytest.mark.parametrize(
    ("content", "content_type"),
    [(pdf(), "application/pdf"), (jpeg(), "image/jpeg"), (png(), "image/png")],
)
async def test_pdf_jpeg_and_png_are_taken_however_they_arrive(
    content: bytes, content_type: str, part_size: int
) -> None:
    inspection = await inspected(content, part_size)
    assert inspection.content_type == content_type
    assert inspection.size == len(content)


@pytest.mark.parametrize(
    "content",
    [
        b"MZ\x90\x00" + b"x" * 4000,
        b"GIF89a" + b"x" * 400,
        b"<html><body>bonjour</body></html>",
        b"PK\x03\x04" + b"x" * 400,
        b"junk" + pdf(),
        b"\xef\xbb\xbf" + pdf(),
        b"%PD",
        b"\xff",
        EICAR,
    ],
)
async def test_other_content_is_refused_whatever_its_name(content: bytes) -> None:
    with pytest.raises(FileTypeRefused):
        await inspected(content)


async def test_an_empty_file_is_refused() -> None:
    with pytest.raises(FileRefused, match="vide"):
        await inspected(b"")


async def test_a_file_over_ten_megabytes_is_refused_while_it_arrives() -> None:
    seen: list[bytes] = []
    with pytest.raises(FileTooLarge):
        await gathered(Inspection().watch(in_parts(pdf(3 * MAX_BYTES))), seen)
    assert sum(map(len, seen)) <= MAX_BYTES


async def test_a_file_of_just_ten_megabytes_is_taken() -> None:
    content = pdf(MAX_BYTES - len(pdf(0)))
    assert (await inspected(content)).size == MAX_BYTES


@pytest.mark.parametrize(
    "content",
    [pdf()[:-40], png()[:-4], jpeg(ended=False), jpeg(thumbnail=jpeg(), ended=False), jpeg()[:30]],
)
async def test_a_file_cut_short_is_refused(content: bytes) -> None:
    with pytest.raises(FileRefused, match="incomplet"):
        await inspected(content)


async def test_a_phone_picture_with_a_film_after_it_is_taken() -> None:
    motion_photo = jpeg(thumbnail=jpeg()) + b"\0\0\0\x18ftypmp42" + b"\x01" * 3000
    assert (await inspected(motion_photo, 997)).content_type == "image/jpeg"


async def test_zeros_do_not_make_the_jpeg_reader_crawl() -> None:
    with pytest.raises(FileRefused):
        await inspected(b"\xff\xd8\xff\xe0\x00\x00" * 500_000)


def archive() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as folder:
        folder.writestr("virus.exe", "MZ")
    return out.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        jpeg() + archive(),
        pdf() + archive() + b"startxref 9 %%EOF",
        jpeg(thumbnail=b"<script>alert(1)</script>"),
        jpeg(thumbnail=b"%PDF-1.7") + pdf(),
        b"%PDF-1.7\n<html><script>1</script>" + pdf(),
    ],
)
async def test_a_file_that_is_two_formats_at_once_is_refused(content: bytes) -> None:
    with pytest.raises(FileRefused, match="plusieurs formats"):
        await inspected(content)


async def test_chance_bytes_of_an_archive_in_a_picture_do_no_harm() -> None:
    await inspected(jpeg(b"\x12PK\x05\x06" + b"\x77" * 200))


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("attestation.pdf", "attestation.pdf"),
        ("Attestation d’assurance – Zoé.PDF", "Attestation d’assurance – Zoé.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        (r"C:\Users\maman\scan.pdf", "scan.pdf"),
        ("facture.exe", "facture.exe.pdf"),
        ('a"b;c%d<e>.pdf', "a_b_c_d_e_.pdf"),
        ("ligne\r\nSet-Cookie: x.pdf", "ligne Set-Cookie_ x.pdf"),
        ("photo\u202egpj.pdf", "photo gpj.pdf"),
        ("e\u0301tat civil.pdf", "état civil.pdf"),
        ("", "document.pdf"),
        (" .. ", "document.pdf"),
        ("CON.pdf", "document CON.pdf"),
        ("x" * 300 + ".pdf", "x" * 100 + ".pdf"),
    ],
)
def test_names_are_cleaned(given: str, kept: str) -> None:
    assert clean_filename(given, "application/pdf") == kept


def test_a_jpeg_keeps_either_of_its_endings() -> None:
    assert clean_filename("IMG_1.JPEG", "image/jpeg") == "IMG_1.jpeg"
    assert clean_filename("IMG_1", "image/jpeg") == "IMG_1.jpg"


def test_a_paper_of_one_child_names_the_child() -> None:
    child = uuid4()
    assert child_concerned(INSURANCE, child, frozenset({child})) == child
    with pytest.raises(DepositRefused):
        child_concerned(INSURANCE, None, frozenset({child}))


def test_a_paper_of_the_whole_family_serves_every_child() -> None:
    child = uuid4()
    assert child_concerned(ADDRESS, child, frozenset({child})) is None


def test_a_child_of_another_family_does_not_exist() -> None:
    with pytest.raises(ChildNotFound):
        child_concerned(ADDRESS, uuid4(), frozenset({uuid4()}))


@pytest.mark.parametrize("part_size", [1, 7, 64 * 1024])
@pytest.mark.parametrize(
    "entry", [b"/Encrypt 12 0 R", b"/Encrypt<</Filter/Standard>>", b"/Encrypt  <<"]
)
async def test_a_pdf_under_a_password_is_refused(entry: bytes, part_size: int) -> None:
    locked = pdf().replace(b"trailer<<", b"trailer<<" + entry)
    with pytest.raises(FileRefused, match="mot de passe"):
        await inspected(locked, part_size)


async def test_a_pdf_that_only_speaks_of_encryption_is_taken() -> None:
    await inspected(pdf().replace(b"xxxx", b"/EncryptMetadata /Encrypted", 1))


async def test_a_type_may_take_fewer_formats() -> None:
    inspection = Inspection(accepts=("application/pdf",))
    with pytest.raises(FileTypeRefused, match="attendue en PDF"):
        await gathered(inspection.watch(in_parts(jpeg())))


async def test_the_largest_size_is_the_town_s() -> None:
    with pytest.raises(FileTooLarge, match="2 Mo"):
        await gathered(Inspection(2 * 1024 * 1024).watch(in_parts(pdf(3_000_000))))
