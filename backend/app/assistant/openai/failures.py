"""What a client is told when the model does not answer as it should."""

import json
from collections.abc import Iterator

import httpx2
import openai
from agents.exceptions import MaxTurnsExceeded, ModelBehaviorError

from app.chat_errors import (
    ChatError,
    ModelKeyRefused,
    ModelNotUnderstood,
    ModelRateLimited,
    ModelUnavailable,
    ModelUnknown,
    TooManySteps,
    TooSlow,
)


def told(error: BaseException) -> ChatError | None:
    """The error for the client, or None if this one is our own fault."""
    for cause in _chain(error):
        match cause:
            case ChatError():
                return cause
            case MaxTurnsExceeded():
                return TooManySteps()
            case openai.AuthenticationError() | openai.PermissionDeniedError():
                return ModelKeyRefused()
            case openai.RateLimitError():
                return ModelRateLimited(retry_after=_retry_after(cause))
            case (
                openai.NotFoundError()
                | openai.BadRequestError()
                | openai.UnprocessableEntityError()
            ):
                return ModelUnknown()
            case openai.APITimeoutError():
                return TooSlow()
            case openai.APIResponseValidationError():
                return ModelNotUnderstood()
            case openai.APIError() | httpx2.HTTPError() | OSError():
                return ModelUnavailable(retry_after=5)
            case ModelBehaviorError() | json.JSONDecodeError() | UnicodeError() | RecursionError():
                return ModelNotUnderstood()
    return None


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, BaseExceptionGroup):
            for inner in seen.exceptions:
                yield from _chain(inner)
        yield seen
        seen = seen.__cause__ or seen.__context__


def _retry_after(error: openai.APIStatusError) -> int:
    given = error.response.headers.get("retry-after", "")
    return min(int(given), 300) if given.isdigit() else 10
