"""How many adults look after the children of an age group."""


def adults_for(children: int, children_per_adult: int | None) -> int | None:
    """The adults that so many children need; None where no ratio is given."""
    if children_per_adult is None:
        return None
    return -(-children // children_per_adult)
