"""What can go wrong with a supporting document."""

from services.chassis.errors import Conflict, DomainError, FieldError, Invalid, NotFound


class DocumentNotFound(NotFound):
    """There is no such document, or it is another family's."""

    slug, status, title = "document-not-found", 404, "Ce document n’existe pas"


class FamilyNotFound(NotFound):
    """There is no such family, or it is not the caller's."""

    slug, status, title = "family-not-found", 404, "Cette famille n’existe pas"


class ChildNotFound(NotFound):
    """The child is not in this family's file, or the file has not arrived yet."""

    slug, status, title = "child-not-found", 404, "Cet enfant ne figure pas dans votre dossier"


class DepositRefused(Invalid):
    """The deposit does not say well what the document is, or for whom."""

    slug, status, title = "deposit-refused", 422, "Ce dépôt ne peut pas être accepté"

    @classmethod
    def because(cls, field: str, message: str) -> "DepositRefused":
        """The refusal that names the field and what would be right."""
        return cls(message, errors=[FieldError(field, message)])


class BadDocumentType(Invalid):
    """What the town settles of a kind of document contradicts itself."""

    slug, status, title = "bad-document-type", 422, "Cette sorte de pièce contient des erreurs"

    @classmethod
    def because(cls, field: str, message: str) -> "BadDocumentType":
        """The refusal that names the field and what would be right."""
        return cls(message, errors=[FieldError(field, message)])


class BadValidity(Invalid):
    """The days over which a document is to hold make no period, or one that is over."""

    slug, status, title = "bad-validity", 422, "Ces dates de validité ne conviennent pas"

    @classmethod
    def because(cls, field: str, message: str) -> "BadValidity":
        """The refusal that names the date and what would be right."""
        return cls(message, errors=[FieldError(field, message)])


class NotToBeReviewed(Conflict):
    """The document is in no state to be accepted or rejected."""

    slug, status, title = "not-to-be-reviewed", 409, "Cette pièce ne peut plus être vérifiée"


class DocumentQuarantined(Conflict):
    """The document waits for the malware scanner: nobody opens it before."""

    slug, status, title = "document-quarantined", 409, "L’analyse antivirus n’est pas terminée"


class DocumentInfected(DomainError):
    """The scanner found malware: the content is gone."""

    slug, status, title = "document-infected", 410, "Ce fichier était infecté et a été supprimé"


class FileRefused(DomainError):
    """The file is not one that we take."""

    slug, status, title = "file-refused", 422, "Ce fichier ne peut pas être accepté"

    @classmethod
    def because(cls, message: str) -> "FileRefused":
        """The refusal that says what is wrong with the file and what to do."""
        return cls(message, errors=[FieldError("file", message)])


class FileTypeRefused(FileRefused):
    """The content is no PDF, JPEG or PNG, whatever its name says."""

    slug, status = "file-type-refused", 415


class FileTooLarge(FileRefused):
    """The file is larger than we take."""

    slug, status = "file-too-large", 413


class DocumentDamaged(DomainError):
    """What storage gives back is not what was deposited: cut, altered, exchanged or gone."""

    slug, status, title = "document-damaged", 500, "Ce document ne peut plus être lu"


class ScannerAway(Exception):
    """The malware scanner cannot be reached, or does not answer."""


class ScanFailed(Exception):
    """The malware scanner answered, and gave no verdict on this content."""
