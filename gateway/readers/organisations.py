"""What the portal reads of who pays for a family in its place."""

from gateway.readers.reader import Reader


class Organisation(Reader):
    """Name and SIRET empty: the family pays itself."""

    name: str = ""
    siret: str = ""
    service_code: str = ""
    engagement: str = ""
