"""Why a turn of the chat failed, for programs (`code`) and for people (`detail`)."""

from typing import ClassVar, Literal

from app.errors import ServiceError

Code = Literal[
    "model_unavailable",
    "model_key_refused",
    "model_rate_limited",
    "model_out_of_quota",
    "too_long",
    "cut_off",
    "too_slow",
    "too_many_steps",
    "rate_limited",
    "turn_in_progress",
    "conflict",
    "conversation_gone",
    "internal",
]


class ChatError(ServiceError):
    """`retryable`: the same turn, sent again, may succeed; nothing then acts twice."""

    code: ClassVar[Code] = "internal"
    retryable: ClassVar[bool] = True
    detail = "Something went wrong on our side. Send it again in a moment; nothing is done twice."


class ToolsUnavailable(ChatError):
    status = 503
    detail = "The tools cannot be reached right now. Send it again; nothing is done twice."


class ModelUnavailable(ChatError):
    status = 503
    code = "model_unavailable"
    detail = "The language model does not answer right now. Send it again in a moment."


class ModelNotUnderstood(ModelUnavailable):
    detail = "The language model sent an answer that makes no sense. Send it again in a moment."


class ModelUnknown(ModelUnavailable):
    retryable = False
    detail = (
        "The language model's server does not know what it was asked for. Whoever runs this "
        "application should check OPENAI_BASE_URL, OPENAI_API_MODE and OPENAI_AGENT_MODEL."
    )


class ModelKeyRefused(ChatError):
    status = 502
    code = "model_key_refused"
    retryable = False
    detail = (
        "The language model refused this application's key. Whoever runs the application should "
        "check OPENAI_API_KEY."
    )


class ModelRateLimited(ChatError):
    status = 429
    code = "model_rate_limited"
    detail = "The language model has too much to do right now. Send it again in a moment."


class ModelOutOfQuota(ChatError):
    status = 503
    code = "model_out_of_quota"
    retryable = False
    detail = (
        "The language model's account has no credit left. Whoever runs this application can top "
        "it up, or raise its limit, where the key was made."
    )


class TooLong(ChatError):
    status = 413
    code = "too_long"
    retryable = False
    detail = (
        "This conversation has become too long for the language model. Begin a new one, or ask "
        "for less at once."
    )


class CutOff(ChatError):
    status = 502
    code = "cut_off"
    retryable = False
    detail = (
        "The language model used up all it may write before it said a word. Ask for less at once; "
        "whoever runs this application can raise CHAT_MAX_OUTPUT_TOKENS."
    )


class TooSlow(ChatError):
    status = 504
    code = "too_slow"
    detail = "The answer took too long and was given up. Send it again, or ask for less at once."


class TooManySteps(ChatError):
    status = 502
    code = "too_many_steps"
    retryable = False
    detail = "The assistant did not come to an end. Ask for less at once."


class RateLimited(ChatError):
    status = 429
    code = "rate_limited"
    detail = "You have sent many messages within a minute. Wait a moment before the next."


class TurnInProgress(ChatError):
    status = 409
    code = "turn_in_progress"
    detail = "The assistant is still busy with this conversation."


class ConversationGone(ChatError):
    status = 410
    code = "conversation_gone"
    retryable = False
    detail = "This conversation was deleted while the assistant was answering in it."


class TurnConflict(ChatError):
    status = 409
    code = "conflict"
    retryable = False
    detail = "This turn id was used for another message."
