"""Errors that a caller is told about, whatever protocol the call came by.

Services raise them; the HTTP layer turns each into `{"detail": …}` with its status. The text is for
people: what failed, and what to do next. It never carries an exception's text, a query or a host.
"""

from typing import ClassVar


class ServiceError(Exception):
    """A call that was refused or failed for a reason that the caller can understand."""

    status: ClassVar[int] = 500
    code: ClassVar[str | None] = None
    """What failed, for programs, where they have something to do about it."""
    detail: str = "Something went wrong on our side. Try again in a moment."

    def __init__(self, detail: str | None = None, *, retry_after: int | None = None) -> None:
        self.detail = detail or self.detail
        self.retry_after = retry_after
        """Seconds after which the same call may succeed."""
        super().__init__(self.detail)


class NotSignedIn(ServiceError):
    status = 401
    detail = "Sign in first: the access token is missing, expired or no longer valid."


class WrongCredentials(ServiceError):
    status = 401
    detail = "The email address or the password is wrong."


class NoPassword(ServiceError):
    status = 401
    detail = (
        "This account comes from an earlier application, and its password could not be taken over. "
        "Whoever runs this application can set a new one (python -m app.set_password)."
    )


class Forbidden(ServiceError):
    status = 403
    detail = "This belongs to another user."


class NotFound(ServiceError):
    status = 404
    detail = "There is no such task."


class Unprocessable(ServiceError):
    """A field that cannot mean what it says, where only the service can tell. Told like a field
    that does not fit the schema."""

    status = 422

    def __init__(self, field: str, kind: str, detail: str) -> None:
        super().__init__(detail)
        self.field = field
        """Its name in the request's body."""
        self.kind = kind
        """What is wrong with it, for programs."""


class WeakPassword(Unprocessable):
    """A password that others would guess, or the same as before."""


class AlreadyRegistered(ServiceError):
    status = 409
    detail = "This email address is already registered. Sign in instead."


class Conflict(ServiceError):
    status = 409
    detail = "This cannot be done in the present state."


class TooManyTasks(ServiceError):
    status = 409
    detail = "There are as many tasks already as an account can hold."


class TooManyChanges(ServiceError):
    status = 429
    detail = "You have made very many changes within a minute. Wait a moment before the next."


class TooManyRegistrations(ServiceError):
    status = 429
    detail = "Very many people are registering right now. Try again in a minute."


class RegistrationClosed(ServiceError):
    status = 403
    detail = "Registration is closed here. Ask whoever runs this application for an account."


class DoesNotFit(ServiceError):
    """A column of an adopted database that is narrower than ours."""

    status = 422
    detail = "A text is longer than this database has room for. Shorten it."


class WrongPassword(ServiceError):
    """Of somebody who is signed in; a 401 would sign them out."""

    status = 403
    detail = "The current password is wrong."


class TooManyAttempts(ServiceError):
    status = 429
    detail = "Too many failed sign-ins for this account. Wait before trying again."


class TooManyRequests(ServiceError):
    status = 429
    detail = "Too many calls within a minute. Wait a moment before the next."


class Busy(ServiceError):
    status = 503
    detail = "Too many people are signing in right now. Try again in a moment."


class DatabaseUnavailable(ServiceError):
    status = 503
    detail = "The database cannot be reached right now. Try again in a moment."


class DatabaseTooSlow(DatabaseUnavailable):
    detail = "The database took too long over this. Try again in a moment, or ask for less at once."


class TransactionConflict(DatabaseUnavailable):
    """Another transaction was in the way (a deadlock, a serialisation failure, a lock held on to):
    the same work, done anew, is likely to succeed."""

    detail = "Two changes got into each other's way. Try again."
