"""Events and their form on the wire: CloudEvents 1.0, Kafka binary mode."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict

SPEC_VERSION = "1.0"
CONTENT_TYPE = "application/json"


class MalformedEvent(ValueError):
    """The record is no CloudEvent in binary mode, or its body breaks the event's model."""


class Fact(BaseModel):
    """A value inside an event. Readers ignore fields they do not know."""

    model_config = ConfigDict(defer_build=True, frozen=True, extra="ignore")


class Event(Fact):
    """A fact that a service tells the others, in the past tense, with a version.

    Subclasses name their producer, and the field whose value keys the Kafka record,
    so that the events of one key stay in order:

        class InvoiceIssued(Event, producer="billing", version=1): ...
    """

    producer: ClassVar[str]
    version_of_contract: ClassVar[int]
    private: ClassVar[bool]
    key_field: ClassVar[str]

    def __init_subclass__(
        cls,
        *,
        producer: str = "",
        version: int = 1,
        private: bool = False,
        key: str = "family_id",
        **rest: Any,
    ) -> None:
        super().__init_subclass__(**rest)
        cls.producer, cls.version_of_contract = producer, version
        cls.private, cls.key_field = private, key

    @classmethod
    def type_name(cls) -> str:
        """The CloudEvents type: `portail.billing.invoice-issued.v1`, never a Python path."""
        name = re.sub(r"V\d+$", "", cls.__name__)
        kebab = re.sub(r"(?<!^)(?=[A-Z])", "-", name).lower()
        return f"portail.{cls.producer}.{kebab}.v{cls.version_of_contract}"

    @classmethod
    def topic(cls) -> str:
        """The Kafka topic: the producer's public one, or its private one."""
        return f"portail.private.{cls.producer}" if cls.private else f"portail.{cls.producer}"

    @property
    def key(self) -> UUID:
        """The id that keeps related events in order (the Kafka record key)."""
        value: UUID = getattr(self, self.key_field)
        return value


@dataclass(frozen=True, slots=True)
class Attributes:
    """The CloudEvents context attributes of one event."""

    id: UUID
    type: str
    source: str
    time: datetime
    correlation_id: str

    def headers(self) -> list[tuple[str, bytes]]:
        """Kafka headers of the binary mode: `content-type`, and `ce_` plus the attribute."""
        texts = {
            "content-type": CONTENT_TYPE,
            "ce_specversion": SPEC_VERSION,
            "ce_id": str(self.id),
            "ce_type": self.type,
            "ce_source": self.source,
            "ce_time": self.time.isoformat(),
            "ce_correlationid": self.correlation_id,
        }
        return [(name, text.encode()) for name, text in texts.items()]

    @classmethod
    def from_headers(cls, headers: Sequence[tuple[str, bytes]] | Mapping[str, bytes | str]) -> Self:
        """Read the attributes back. Raises MalformedEvent when one is missing or wrong."""
        pairs = headers.items() if isinstance(headers, Mapping) else headers
        try:
            texts = {
                name: value if isinstance(value, str) else value.decode() for name, value in pairs
            }
            if texts["ce_specversion"] != SPEC_VERSION:
                raise MalformedEvent(
                    f"specversion {texts['ce_specversion']!r} is not {SPEC_VERSION}"
                )
            return cls(
                id=UUID(texts["ce_id"]),
                type=texts["ce_type"],
                source=texts["ce_source"],
                time=datetime.fromisoformat(texts["ce_time"]),
                correlation_id=texts.get("ce_correlationid", ""),
            )
        except (KeyError, ValueError) as error:
            raise MalformedEvent(f"not a CloudEvent in binary mode: {error}") from error
