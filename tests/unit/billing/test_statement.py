"""The statement of a year comes to what the family owes at its end."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.billing.model.statement import Movement, Payer, Statement
from services.billing.papers import set_paper
from services.billing.papers.receipts import METHOD_LABELS
from services.billing.papers.statements import LABELS, statement_data
from tests.unit.billing.test_papers import ADDRESS, SENDER, plain

PAYER = Payer("F-00042", ADDRESS)
TODAY = date(2027, 1, 15)

movements = st.builds(
    Movement,
    day=st.dates(date(2026, 1, 1), date(2026, 12, 31)),
    kind=st.sampled_from(sorted(LABELS)),
    amount_cents=st.integers(-100_000, 100_000).filter(bool),
    references=st.just(("2026-EJ-000001",)),
    method=st.sampled_from([None, *METHOD_LABELS]),
)


@given(st.integers(-50_000, 50_000), st.lists(movements, max_size=12))
def test_what_was_charged_less_what_was_paid_leads_from_one_balance_to_the_other(
    opening: int, found: list[Movement]
) -> None:
    statement = Statement.of(2026, opening, tuple(found))
    assert (
        statement.opening_cents + statement.charged_cents - statement.paid_cents
        == statement.closing_cents
    )
    rows = statement_data(statement, PAYER, SENDER, TODAY)["movements"]
    if rows:
        assert plain(rows[-1]["balance"]).replace("-", "") == plain(
            statement_data(statement, PAYER, SENDER, TODAY)["closing"]
        )


def test_what_was_given_up_is_taken_off_what_was_charged_and_no_payment() -> None:
    found = (
        Movement(date(2026, 12, 1), "invoice", 1000, ("2026-EJ-000001",)),
        Movement(date(2026, 12, 5), "payment", -300, ("R2026-EJ-000001",), "cash"),
        Movement(date(2026, 12, 9), "payment_reversal", 300, ("R2026-EJ-000001",), "cash"),
        Movement(date(2026, 12, 20), "write_off", -1000, ("2026-EJ-000001",)),
    )
    data = statement_data(Statement.of(2026, 0, found), PAYER, SENDER, TODAY)
    assert (plain(data["charged"]), plain(data["paid"])) == ("0,00 €", "0,00 €")
    assert [(plain(row["charged"]), plain(row["paid"])) for row in data["movements"]] == [
        ("10,00 €", ""),
        ("", "3,00 €"),
        ("", "-3,00 €"),
        ("-10,00 €", ""),
    ]
    assert data["movements"][-1]["label"].startswith("Créance abandonnée n°")


def test_a_year_that_is_over_stands_at_its_last_day_and_the_present_one_at_today() -> None:
    statement = Statement.of(2026, 0, ())
    assert statement_data(statement, PAYER, SENDER, TODAY)["last_day"] == "31 décembre 2026"
    summer = date(2026, 7, 14)
    assert statement_data(statement, PAYER, SENDER, summer)["last_day"] == "14 juillet 2026"


def test_a_long_year_is_set_over_pages() -> None:
    days = (date(2026, 1, 1) + timedelta(days=n) for n in range(200))
    found = tuple(Movement(day, "invoice", 100, ("2026-EJ-000001",)) for day in days)
    data = statement_data(Statement.of(2026, 0, found), PAYER, SENDER, TODAY)
    assert set_paper("statement", data).startswith(b"%PDF")
