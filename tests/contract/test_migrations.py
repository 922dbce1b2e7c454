"""Migrations: never edited, numbered upwards, nothing taken from under a running version."""

from pathlib import Path

import pytest

from deploy import migrations

FIRST = "CREATE TABLE unit (unit_id uuid, price integer);"
SECOND = "ALTER TABLE unit ADD COLUMN price_cents integer;"


def test_the_committed_migrations_keep_the_rules() -> None:
    assert migrations.faults() == []


@pytest.mark.parametrize("name", sorted(migrations.BEFORE_THE_RULE))
def test_the_exceptions_are_still_needed(name: str) -> None:
    assert list(migrations.unsafe(migrations.ROOT / name, name))


@pytest.fixture
def town(tmp_path: Path) -> Path:
    """A service with two committed migrations."""
    write(tmp_path, "0001_initial.sql", FIRST)
    write(tmp_path, "0020_cents.sql", SECOND)
    migrations.keep(tmp_path)
    return tmp_path


def write(root: Path, name: str, sql: str) -> None:
    folder = root / "services" / "billing" / "migrations"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(sql, encoding="utf-8")


def test_what_is_committed_and_left_alone_has_no_fault(town: Path) -> None:
    assert migrations.faults(town) == []


def test_an_edited_migration_is_told_and_keeping_again_does_not_hide_it(town: Path) -> None:
    write(town, "0001_initial.sql", FIRST.replace("integer", "bigint"))
    migrations.keep(town)
    assert migrations.faults(town) == [
        "services/billing/migrations/0001_initial.sql: edited after it was committed; "
        "add a new one instead"
    ]


def test_a_migration_that_is_gone_is_told(town: Path) -> None:
    (town / "services/billing/migrations/0001_initial.sql").unlink()
    (fault,) = migrations.faults(town)
    assert "gone" in fault


def test_a_new_migration_has_to_be_kept(town: Path) -> None:
    write(town, "0021_more.sql", SECOND)
    (fault,) = migrations.faults(town)
    assert "portail migrations keep" in fault
    assert migrations.keep(town) == ["services/billing/migrations/0021_more.sql"]
    assert migrations.faults(town) == []


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("0020_other.sql", "the number of 0020_cents.sql"),
        ("0019_too_low.sql", "a number below 0020_cents.sql"),
        ("21_short.sql", "a name is"),
    ],
)
def test_a_number_is_used_once_and_goes_up(town: Path, name: str, told: str) -> None:
    write(town, name, SECOND)
    assert any(told in fault for fault in migrations.misnumbered(town))


@pytest.mark.parametrize(
    "sql",
    [
        "ALTER TABLE unit DROP COLUMN price;",
        "DROP TABLE unit;",
        "ALTER TABLE unit RENAME COLUMN price TO price_cents;",
        "ALTER TABLE unit\n    RENAME TO units;",
    ],
)
def test_what_the_older_version_reads_goes_in_a_second_step_alone(town: Path, sql: str) -> None:
    file = "0021_less.sql"
    write(town, file, f"-- contract of 0020_cents.sql: the last that read it was 0.1.\n{sql}")
    migrations.keep(town)
    assert migrations.faults(town) == []

    for comment in ("", "-- contract of 0022_later.sql: …\n", "-- It is not used any more.\n"):
        write(town, file, comment + sql)
        assert list(migrations.unsafe(town / "services/billing/migrations" / file, file))


def test_a_comment_that_speaks_of_dropping_takes_nothing_away(town: Path) -> None:
    write(town, "0021_more.sql", f"-- One day: DROP TABLE unit.\n{SECOND}")
    migrations.keep(town)
    assert migrations.faults(town) == []
