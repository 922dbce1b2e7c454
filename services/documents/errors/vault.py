"""What can go wrong with a family's vault."""

from services.chassis.errors import Conflict, DomainError, FieldError, Invalid, NotFound

WRONG_PASSPHRASE = "Cette phrase secrète n’ouvre pas le coffre-fort."  # noqa: S105 - a sentence
WRONG_RECOVERY_KEY = "Cette clé de secours n’ouvre pas le coffre-fort."
WRONG_INVITATION = "Ce code d’invitation n’est pas ou plus valable."


class VaultMissing(NotFound):
    """The family has no vault yet."""

    slug, status, title = "vault-missing", 404, "Vous n’avez pas encore de coffre-fort"


class VaultExists(Conflict):
    """The family has a vault already."""

    slug, status, title = "vault-exists", 409, "Votre famille a déjà un coffre-fort"


class VaultLocked(DomainError):
    """The vault is shut for this session: never opened, shut again, or its time is over."""

    slug, status, title = "vault-locked", 423, "Le coffre-fort est fermé"


class SecretRefused(Invalid):
    """The secret does not open the vault, or is too weak to protect it."""

    slug, status, title = "secret-refused", 422, "Le coffre-fort reste fermé"

    @classmethod
    def because(cls, field: str, message: str) -> "SecretRefused":
        """The refusal that names the field and what would be right."""
        return cls(message, errors=[FieldError(field, message)])


class TooManyTries(DomainError):
    """Too many wrong passphrases in a row: the next try must wait."""

    slug, status, title = "too-many-tries", 429, "Trop d’essais"


class VaultFull(DomainError):
    """The vault has no room left for the file."""

    slug, status, title = "vault-full", 413, "Le coffre-fort est plein"

    @classmethod
    def beyond(cls, quota: int) -> "VaultFull":
        """The refusal that says how much room there is."""
        message = (
            f"Votre coffre-fort contient au plus {quota // (1024 * 1024)} Mo. "
            "Supprimez des documents pour faire de la place."
        )
        return cls(message, errors=[FieldError("file", message)])


class VaultFileTooLarge(DomainError):
    """The file is larger than a vault takes."""

    slug, status, title = "file-too-large", 413, "Ce fichier est trop volumineux"

    @classmethod
    def beyond(cls, limit: int) -> "VaultFileTooLarge":
        """The refusal that says how large a file may be."""
        message = f"Le fichier dépasse {limit // (1024 * 1024)} Mo."
        return cls(message, errors=[FieldError("file", message)])


class EmptyFile(DomainError):
    """There is nothing in the file."""

    slug, status, title = "file-refused", 422, "Ce fichier ne peut pas être accepté"

    @classmethod
    def told(cls) -> "EmptyFile":
        """The refusal beside its field."""
        return cls("Le fichier est vide.", errors=[FieldError("file", "Le fichier est vide.")])
