"""What can go wrong with what the town publishes."""

from services.chassis.errors import Conflict, FieldError, Invalid, NotFound


class PublicationNotFound(NotFound):
    """There is no such publication, or not for this reader, or not now."""

    slug, status, title = "publication-not-found", 404, "Ce document de la ville n’existe pas"


class PublicationRefused(Invalid):
    """The publication does not say well what it is."""

    slug, status, title = "publication-refused", 422, "Ce document ne peut pas être publié"

    @classmethod
    def because(cls, field: str, message: str) -> "PublicationRefused":
        """The refusal that names the field and what would be right."""
        return cls(message, errors=[FieldError(field, message)])


class PublicationWithdrawn(Conflict):
    """The publication was withdrawn: it can be published again only as another one."""

    slug, status, title = "publication-withdrawn", 409, "Ce document a été retiré"
