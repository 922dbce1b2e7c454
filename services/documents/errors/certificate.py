"""What can go wrong with a paper that certifies something."""

from services.chassis.errors import Conflict, FieldError, Invalid, NotFound


class CertificateNotFound(NotFound):
    """There is no such paper, or it is another family's."""

    slug, status, title = "certificate-not-found", 404, "Cette attestation n’existe pas"


class CodeUnknown(NotFound):
    """No paper of the town bears this code."""

    slug, status, title = "code-unknown", 404, "Aucune attestation de la ville ne porte ce code"


class CertificateRefused(Invalid):
    """What is asked for does not say well what to certify."""

    slug, status, title = "certificate-refused", 422, "Cette attestation ne peut pas être établie"

    @classmethod
    def because(cls, field: str, message: str) -> "CertificateRefused":
        """The refusal that names the field and what would be right."""
        return cls(message, errors=[FieldError(field, message)])


class NothingToCertify(Conflict):
    """There is nothing that the paper could say."""

    slug, status, title = "nothing-to-certify", 409, "Il n’y a rien à attester"
