"""Foreign files put together and looked at, within limits of time and memory."""

import io
import resource
import signal
import time
from collections.abc import Callable

import pytest
from aiohttp import web
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

from services.chassis.processes import process_pool
from services.documents.commands.pages import Press
from services.documents.errors import FileRefused
from services.documents.sheets import PDF, Unreadable, bind, bounded, look, page_count
from tests.unit.documents.builders import jpeg, pages, pdf, png, widths

PNG = "image/png"
# A picture is set as wide as a sheet of paper within its margins: 190 mm.
SHEET = 539


def test_several_files_become_one_in_their_order() -> None:
    bound = bind([(PDF, pages(2, 111)), (PNG, png()), (PDF, pages(1, 333))])
    assert widths(bound) == [111, 111, SHEET, 333]


def test_what_a_pdf_would_do_when_opened_is_left_behind() -> None:

    writer, out = PdfWriter(), io.BytesIO()
    writer.append(io.BytesIO(pages()))
    script = {"/S": NameObject("/JavaScript"), "/JS": TextStringObject("app.alert(1)")}
    action = DictionaryObject({NameObject(name): value for name, value in script.items()})
    writer.root_object[NameObject("/OpenAction")] = action
    writer.add_attachment("virus.exe", b"MZ")
    writer.write(out)
    bound = bind([(PDF, out.getvalue()), (PDF, pages())])
    assert "/OpenAction" not in PdfReader(io.BytesIO(bound)).root_object
    assert b"app.alert" not in bound
    assert b"virus.exe" not in bound


def test_pages_are_counted_and_a_picture_is_one() -> None:
    assert page_count(PDF, pages(3)) == 3
    assert page_count(PNG, png()) == 1


def test_a_page_is_looked_at_as_a_picture_and_there_is_none_past_the_last() -> None:
    for kind, content, number in ((PDF, pages(3), 3), (PNG, png(), 1)):
        picture = look(kind, content, number)
        assert picture is not None
        assert picture.startswith(b"\x89PNG")
    assert look(PDF, pages(3), 4) is None
    assert look(PDF, pages(3), 0) is None


@pytest.mark.parametrize(
    ("kind", "content"),
    [(PDF, pdf()), ("image/jpeg", jpeg()), (PDF, b"%PDF-1.7 garbage"), (PNG, png()[:60])],
)
def test_a_file_that_only_looks_whole_is_unreadable(kind: str, content: bytes) -> None:
    with pytest.raises(Unreadable):
        bind([(kind, content), (PDF, pages())])
    with pytest.raises(Unreadable):
        look(kind, content, 1)


def test_the_limits_end_with_the_work() -> None:
    before = signal.getsignal(signal.SIGALRM), resource.getrlimit(resource.RLIMIT_AS)
    page_count(PDF, pages())
    with pytest.raises(Unreadable):
        page_count(PDF, b"nothing")
    assert (signal.getsignal(signal.SIGALRM), resource.getrlimit(resource.RLIMIT_AS)) == before


def dawdle() -> None:
    """Work without an end, as a file may be made to cause."""
    with bounded(seconds=0.2):
        time.sleep(60)


def gorge() -> None:
    """Work that takes more memory than it is given."""
    with bounded(memory_bytes=300_000_000):
        bytes(2_000_000_000)


@pytest.mark.parametrize("work", [dawdle, gorge])
async def test_work_that_goes_too_far_costs_the_file_and_not_the_service(
    work: Callable[[], None],
) -> None:
    app = web.Application()
    pool = process_pool(app)
    await anext(pool)
    press = Press(app)
    with pytest.raises(FileRefused, match="trop complexe"):
        await press.run(work)
    assert await press.run(page_count, PDF, pages(2)) == 2
    await anext(pool, None)
