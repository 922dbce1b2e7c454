"""Refusals in domain words, and their one rendering as problem+json (RFC 9457)."""

from collections.abc import Sequence
from typing import Any, ClassVar, NamedTuple

PROBLEM_TYPE = "application/problem+json"


class FieldError(NamedTuple):
    """What is wrong with one field, and what would be right, in French."""

    field: str
    message: str


class DomainError(Exception):
    """A refusal that the caller can understand. Subclasses name it."""

    slug: ClassVar[str] = "error"
    status: ClassVar[int] = 400
    title: ClassVar[str] = "La demande ne peut pas être traitée"

    def __init__(
        self,
        detail: str = "",
        *,
        errors: Sequence[FieldError] = (),
        retry_after: int | None = None,
    ) -> None:
        super().__init__(detail or self.title)
        self.detail = detail or self.title
        self.errors = tuple(errors)
        # Seconds; in the body too, for whoever passes the problem on without its headers.
        self.retry_after = retry_after

    def problem(self) -> dict[str, Any]:
        """The body of the answer: type, title, status, detail, errors; when to try again."""
        problem: dict[str, Any] = {
            "type": f"/problems/{self.slug}",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            "errors": [{"field": e.field, "message": e.message} for e in self.errors],
        }
        return problem if self.retry_after is None else problem | {"retry_after": self.retry_after}


class Invalid(DomainError):
    """The request breaks the form that the endpoint asks for."""

    slug, status, title = "invalid-request", 422, "La demande contient des erreurs"


class Unauthorised(DomainError):
    """Nobody is signed in, or the token is not to be believed."""

    slug, status, title = "sign-in-required", 401, "Vous devez vous identifier"


class Forbidden(DomainError):
    """The caller is known and may not do this."""

    slug, status, title = "forbidden", 403, "Vous n’avez pas accès à cette fonction"


class NotFound(DomainError):
    """There is no such thing, or it is another family's: the caller cannot tell which."""

    slug, status, title = "not-found", 404, "Cet élément n’existe pas"


class Conflict(DomainError):
    """The request is well formed and does not fit the present state."""

    slug, status, title = "conflict", 409, "La demande ne correspond plus à la situation"


class TooLarge(DomainError):
    """The body is longer than this endpoint takes."""

    slug, status, title = "too-large", 413, "L’envoi est trop volumineux"
