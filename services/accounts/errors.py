"""What accounts refuses, in the town's words."""

from services.chassis.errors import Conflict, DomainError, Invalid


class ImportRefused(Invalid):
    """The file holds bad lines: nothing of it was taken in."""

    slug, status, title = "import-refused", 422, "Le fichier n’a pas été importé"


class InvalidCredentials(DomainError):
    """Login unknown or password wrong: the answer does not say which."""

    slug, status, title = "invalid-credentials", 401, "Identifiant ou mot de passe incorrect"


class TooManyAttempts(DomainError):
    """Too many wrong passwords for this login; the right one has to wait too."""

    slug, status, title = "too-many-attempts", 429, "Trop de tentatives de connexion"


class TotpRequired(DomainError):
    """The password is right, and the account asks for its second factor."""

    slug, status, title = "totp-required", 401, "Saisissez le code de votre application"


class TotpInvalid(DomainError):
    """The second factor does not fit, or was used already."""

    slug, status, title = "totp-invalid", 401, "Le code de vérification n’est pas valable"


class CodeExpired(DomainError):
    """The temporary password is right but came too late."""

    slug, status, title = "code-expired", 401, "Votre mot de passe provisoire a expiré"


class WeakPassword(Invalid):
    """The new password is easier to guess than the CNIL recommends."""

    slug, status, title = "weak-password", 422, "Choisissez un mot de passe plus solide"


class WrongPassword(Invalid):
    """The present password, asked for before a change, is not this one."""

    slug, status, title = "wrong-password", 422, "Le mot de passe actuel est incorrect"


class LoginTaken(Conflict):
    """The login belongs to an account of another kind."""

    slug, status, title = "login-taken", 409, "Cet identifiant est déjà utilisé"


class ErasureAlreadyAsked(Conflict):
    """The family's request waits for the staff already."""

    slug, status, title = "erasure-already-asked", 409, "Votre demande d’effacement est en cours"


class ErasureNotAsked(Conflict):
    """There is no open request to decide on or to withdraw."""

    slug, status, title = "erasure-not-asked", 409, "Aucune demande d’effacement n’est en cours"


class WrongReference(Invalid):
    """The number typed to confirm is not the file's."""

    slug, status, title = "wrong-reference", 422, "Le numéro ne correspond pas à ce dossier"
