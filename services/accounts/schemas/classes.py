"""Request and answer bodies of classes."""

from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from services.accounts.model import values
from services.accounts.model.family import folded
from services.chassis.endpoints import Answer, Body

ClassName = Annotated[str, AfterValidator(values.clean), Field(min_length=1, max_length=40)]


class LadderBody(Body):
    """The classes from the first to the last."""

    steps: tuple[ClassName, ...] = Field(min_length=1, max_length=30)

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        names = [folded(step) for step in self.steps]
        if len(set(names)) < len(names) or not all(names):
            raise ValueError("Donnez chaque classe une seule fois, par son nom.")
        return self


class LadderAnswer(Answer):
    """The classes from the first to the last."""

    steps: tuple[str, ...]


class MoveAnswer(Answer):
    """A class of a school: `to` is its next class, nothing for those who leave or stay."""

    school_code: str | None
    school_class: str
    children: int
    outcome: Literal["moves", "changes_school", "leaves", "unknown"]
    to: str | None


class RollOverRow(Answer):
    """A school year that was rolled over."""

    school_year: str
    applied_at: datetime
    moved: int
    leaving: int


class RollOverAnswer(Answer):
    """What a passage would do now, and those done."""

    steps: tuple[str, ...]
    moves: tuple[MoveAnswer, ...]
    done: tuple[RollOverRow, ...]


class RollOverBody(Body):
    """The school year that begins; `confirmed`: the same, typed again, when it is not due."""

    school_year: str = Field(pattern=r"^20\d{2}-20\d{2}$")
    confirmed: str = Field(default="", max_length=9)

    @model_validator(mode="after")
    def _one_year(self) -> Self:
        first, last = self.school_year.split("-")
        if int(last) != int(first) + 1:
            raise ValueError("Une année scolaire s’écrit comme 2026-2027.")
        return self


class RolledOverAnswer(Answer):
    """What the passage did."""

    school_year: str
    moved: int
    leaving: int
