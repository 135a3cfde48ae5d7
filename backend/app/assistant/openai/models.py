"""The SDK's models, and what they keep to themselves of how an answer ended."""

from collections.abc import AsyncIterator
from typing import Any

from agents.models.openai_chatcompletions import OpenAIChatCompletionsModel


class CompletionsModel(OpenAIChatCompletionsModel):
    """One turn's. Chat Completions says in the last chunk why the answer ended, and the SDK's
    events do not tell (0.24, whose method this overrides)."""

    cut_off = False
    """Whether the last answer stopped at the most that the model may write."""

    async def _fetch_response(self, *args: Any, **options: Any) -> Any:  # noqa: ANN401 - the SDK's
        fetched: Any = await super()._fetch_response(*args, **options)
        if not isinstance(fetched, tuple):
            return fetched
        response, stream = fetched
        return response, _Watched(stream, self)


class _Watched:
    """The stream, with a look at each chunk."""

    def __init__(self, stream: Any, model: CompletionsModel) -> None:  # noqa: ANN401 - the SDK's
        self._stream = stream
        self._model = model

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - the SDK's
        return getattr(self._stream, name)

    async def __aiter__(self) -> AsyncIterator[Any]:
        self._model.cut_off = False
        async for chunk in self._stream:
            if any(choice.finish_reason == "length" for choice in chunk.choices):
                self._model.cut_off = True
            yield chunk
