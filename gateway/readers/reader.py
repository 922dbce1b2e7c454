"""The base of all readers."""

from pydantic import BaseModel, ConfigDict


class Reader(BaseModel):
    """A part of an answer. Unknown fields are ignored, so that services may add theirs."""

    model_config = ConfigDict(extra="ignore", frozen=True)
