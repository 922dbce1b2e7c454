"""What a service tells itself: work that any one of its copies does."""

from contracts.envelope import Event
from contracts.topics import internal_topic


class Command(Event):
    """Work to be done once, named in the imperative, on a topic of the service's own.

    A copy takes one command at a time, in a transaction of its own. Delivery is at least once
    and in no order; no other service may rely on its form.

        class IssueSlice(Command, producer="billing", key="slice_id"): ...
    """

    @classmethod
    def topic(cls) -> str:
        """The producer's internal topic."""
        return internal_topic(cls.producer)
