"""Runs the agent for one turn.

The tools are those of tools/list, called through the same MCP connection as the offline
assistant's.
"""

import asyncio
import json
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from agents import Agent, FunctionTool, ModelSettings, RunConfig, Runner, set_tracing_disabled
from agents.agent import ToolsToFinalOutputResult
from agents.models.interface import Model
from agents.models.openai_responses import OpenAIResponsesModel
from agents.run_config import CallModelData, ModelInputData
from agents.tool_context import ToolContext
from openai import AsyncOpenAI

from app.assistant.base import TurnInput
from app.assistant.events import Kind
from app.assistant.openai import compact, failures, transcript
from app.assistant.openai.models import CompletionsModel
from app.assistant.tool_executor import ASKED_FIRST, Offered, ToolExecutor
from app.chat_errors import CutOff
from app.mcp.tools import ToolRefused
from app.settings import Settings

# Tracing would send the user's tasks to OpenAI, whatever server answers.
set_tracing_disabled(disabled=True)

# Of a request that got 429, 5xx or no connection, before anything was streamed; the client waits
# 0.5 s, then 1 s, 2 s, or what the server asks for. The turn's own time limit is above it.
RETRIES = 3


class OpenAIAssistant:
    kind: Kind = "openai"

    def __init__(self, settings: Settings) -> None:
        self.model: str | None = settings.openai_agent_model
        self._settings = settings
        self._client: AsyncOpenAI | None = None

    async def close(self) -> None:
        if self._client is not None:
            await self._client.close()

    async def answer(self, task: TurnInput, executor: ToolExecutor) -> None:
        """Raises ChatError."""
        executor.recall()
        model = self._model()
        tools = await _tools(executor, task.zone)
        names = ", ".join(tool.name for tool in tools)
        agent = Agent(
            name="Todo",
            instructions=transcript.instructions(task.now, task.zone),
            tools=list(tools),
            model=model,
            model_settings=ModelSettings(
                max_tokens=self._settings.chat_max_output_tokens, store=self._store()
            ),
            tool_use_behavior=lambda _, __: ToolsToFinalOutputResult(
                is_final_output=executor.question is not None, final_output="asked"
            ),
        )
        items: Any = transcript.items(task.history, task.message, executor.calls, task.zone)
        run = Runner.run_streamed(
            agent,
            items,
            max_turns=self._settings.chat_max_turns,
            run_config=RunConfig(
                tracing_disabled=True,
                tool_not_found_behavior="return_error_to_model",
                tool_error_formatter=lambda missing: (
                    f"Error: There is no tool {missing.tool_name}. There are: {names}."
                ),
                call_model_input_filter=_without_references,
            ),
        )
        try:
            async for event in run.stream_events():
                if event.type == "raw_response_event":
                    _speak(executor, event.data, model)
        except _CutOffAfterText:
            executor.say(transcript.CUT_OFF)
        except Exception as error:
            if isinstance(model, CompletionsModel) and model.cut_off and not executor.text:
                # The SDK takes an answer that ended before its first word for a broken one.
                raise CutOff from error
            told = failures.told(error)
            if told is None:
                raise
            raise told from error
        finally:
            # Also when the user stopped it: the model's connection is closed.
            run.cancel()

    def _model(self) -> Model:
        settings = self._settings
        if self._client is None:
            key = settings.openai_api_key
            self._client = AsyncOpenAI(
                api_key=key.get_secret_value() if key else "none",
                base_url=settings.openai_base_url,
                max_retries=RETRIES,
                timeout=settings.chat_timeout_seconds,
            )
        kind = OpenAIResponsesModel if settings.openai_api_mode == "responses" else CompletionsModel
        return kind(settings.openai_agent_model, self._client)

    def _store(self) -> bool | None:
        """False: OpenAI would keep what is said for 30 days. In Chat Completions only where it is
        OpenAI that answers; others know no such field, and some refuse what they do not know."""
        settings = self._settings
        host = urlsplit(settings.openai_base_url or "https://api.openai.com").hostname or ""
        ours = settings.openai_api_mode == "responses" or host.endswith(".openai.com")
        return False if ours else None


class _CutOffAfterText(Exception):
    """The model's answer stopped at the most that it may write."""


def _without_references(data: CallModelData[Any]) -> ModelInputData:
    """What a server that stores nothing cannot look up: the ids of its items, and reasoning, which
    is nothing but an id."""
    kept: Any = [
        {name: value for name, value in item.items() if name != "id"}
        for item in data.model_data.input
        if item.get("type") != "reasoning"
    ]
    return ModelInputData(input=kept, instructions=data.model_data.instructions)


def _speak(executor: ToolExecutor, data: Any, model: Model) -> None:  # noqa: ANN401 - of 50 event types
    match data.type:
        case "response.output_item.added" if data.item.type == "message" and executor.text:
            executor.say("\n\n")
        case "response.output_text.delta" | "response.refusal.delta":
            executor.say(data.delta)
        case "response.failed":
            raise failures.reported(data.response.error)
        case "error":
            raise failures.reported(data)
        case "response.incomplete":
            raise _CutOffAfterText if executor.text.strip() else CutOff
        case "response.completed" if isinstance(model, CompletionsModel) and model.cut_off:
            raise _CutOffAfterText if executor.text.strip() else CutOff


async def _tools(executor: ToolExecutor, zone: ZoneInfo) -> list[FunctionTool]:
    # The model may call several tools at once; what it does to the list stays in an order.
    one_at_a_time = asyncio.Lock()
    return [_tool(offered, executor, zone, one_at_a_time) for offered in await executor.tools()]


def _tool(
    offered: Offered, executor: ToolExecutor, zone: ZoneInfo, one_at_a_time: asyncio.Lock
) -> FunctionTool:
    async def invoke(context: ToolContext[Any], given: str) -> str:
        async with one_at_a_time:
            try:
                arguments = json.loads(given or "{}")
                # Counted, because some servers give every call the same id.
                key = f"{len(executor.calls) + 1}:{context.tool_call_id}"[:150]
                if not isinstance(arguments, dict):
                    return "Error: the arguments must be a JSON object."
                if offered.name in ASKED_FIRST:
                    await executor.ask_before_deleting(key, arguments)
                    return "The user is being asked."
                result = await executor.use(
                    key, offered.name, compact.limited(offered.name, arguments)
                )
                shown = compact.result(offered.name, result, zone)
                return json.dumps(shown, ensure_ascii=False)
            except (ValueError, RecursionError):
                return "Error: the arguments are not JSON."
            except ToolRefused as refused:
                return f"Error: {refused}"

    schema = json.loads(json.dumps(offered.input_schema))
    # The user is the token's; the model has no say in it.
    schema.get("properties", {}).pop("user_id", None)
    return FunctionTool(
        name=offered.name,
        description=offered.description,
        params_json_schema=schema,
        on_invoke_tool=invoke,
        strict_json_schema=False,
    )
