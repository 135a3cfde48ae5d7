"""What a client is told when the model does not answer as it should."""

import json
import re
from collections.abc import Iterator
from typing import Any

import httpx2
import openai
from agents.exceptions import MaxTurnsExceeded, ModelBehaviorError

from app.chat_errors import (
    ChatError,
    ModelKeyRefused,
    ModelNotUnderstood,
    ModelOutOfQuota,
    ModelRateLimited,
    ModelUnavailable,
    ModelUnknown,
    TooLong,
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
            case openai.APIError() if known := _known(cause.code or "", str(cause)):
                return known
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


def reported(error: Any) -> ChatError:  # noqa: ANN401 - an event's or a response's
    """For what the model's server reports in the middle of an answer."""
    code, text = str(getattr(error, "code", "")), str(getattr(error, "message", ""))
    if known := _known(code, text):
        return known
    return ModelRateLimited(retry_after=10) if "rate_limit" in code else ModelNotUnderstood()


# Only some servers have codes for it; these are the words of OpenAI, vLLM, llama.cpp and Anthropic.
_TOO_LONG = re.compile(
    r"context[ _](length|window|size)|maximum (context|prompt)|prompt is too long|too many tokens",
    re.IGNORECASE,
)


def _known(code: str, text: str) -> ChatError | None:
    if code in ("insufficient_quota", "billing_hard_limit_reached"):
        return ModelOutOfQuota()
    if code == "context_length_exceeded" or _TOO_LONG.search(text):
        return TooLong()
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
