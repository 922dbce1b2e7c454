"""The demo family's supporting documents are real files."""

from datetime import date

import filetype

from deploy.demo.families import make_families
from deploy.demo.papers import papers_of

TODAY = date(2026, 11, 23)
FAMILY = make_families(2, TODAY)[0]


def test_there_is_an_insurance_certificate_for_each_child() -> None:
    insured = [p.child for p in papers_of(FAMILY, TODAY) if p.document_type == "insurance"]
    assert insured == list(FAMILY.children)


def test_papers_are_what_their_names_say() -> None:
    for paper in papers_of(FAMILY, TODAY):
        assert filetype.guess_extension(paper.content) == paper.filename.rpartition(".")[2]
