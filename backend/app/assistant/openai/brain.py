"""Runs the agent for one turn.

The tools are those of tools/list, called through the same MCP connection as the offline
assistant's.
"""

import asyncio
import json
from typing import Any

from agents import Agent, FunctionTool, ModelSettings, RunConfig, Runner, set_tracing_disabled
from agents.agent import ToolsToFinalOutputResult
from agents.models.interface import Model
from agents.models.openai_chatcompletions import OpenAIChatCompletionsModel
from agents.models.openai_responses import OpenAIResponsesModel
from agents.tool_context import ToolContext
from openai import AsyncOpenAI

from app.assistant.brain import Task
from app.assistant.events import Kind
from app.assistant.hands import ASKED_FIRST, Hands, Offered
from app.assistant.openai import failures, transcript
from app.chat_errors import ModelNotUnderstood
from app.mcp.tools import ToolRefused
from app.settings import Settings

# Tracing would send the user's tasks to OpenAI, whatever server answers.
set_tracing_disabled(disabled=True)

# Of a request that got 429, 5xx or no connection, before anything was streamed; the client waits
# 0.5 s, then 1 s, 2 s, or what the server asks for. The turn's own time limit is above it.
RETRIES = 3


class OpenAIBrain:
    kind: Kind = "openai"

    def __init__(self, settings: Settings) -> None:
        self.model: str | None = settings.openai_agent_model
        self._settings = settings
        self._client: AsyncOpenAI | None = None

    async def close(self) -> None:
        if self._client is not None:
            await self._client.close()

    async def answer(self, task: Task, hands: Hands) -> None:
        """Raises ChatError."""
        hands.recall()
        agent = Agent(
            name="Todo",
            instructions=transcript.instructions(task.now),
            tools=list(await _tools(hands)),
            model=self._model(),
            model_settings=ModelSettings(max_tokens=self._settings.chat_max_output_tokens),
            tool_use_behavior=lambda _, __: ToolsToFinalOutputResult(
                is_final_output=hands.question is not None, final_output="asked"
            ),
        )
        items: Any = transcript.items(task.history, task.message, hands.calls)
        run = Runner.run_streamed(
            agent,
            items,
            max_turns=self._settings.chat_max_turns,
            run_config=RunConfig(tracing_disabled=True),
        )
        try:
            async for event in run.stream_events():
                if event.type == "raw_response_event":
                    _speak(hands, event.data)
        except Exception as error:
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
        kind = (
            OpenAIResponsesModel
            if settings.openai_api_mode == "responses"
            else OpenAIChatCompletionsModel
        )
        return kind(settings.openai_agent_model, self._client)


def _speak(hands: Hands, data: Any) -> None:  # noqa: ANN401 - a union of 50 event types
    match data.type:
        case "response.output_item.added" if data.item.type == "message" and hands.text:
            hands.say("\n\n")
        case "response.output_text.delta" | "response.refusal.delta":
            hands.say(data.delta)
        case "response.failed" | "error":
            raise ModelNotUnderstood


async def _tools(hands: Hands) -> list[FunctionTool]:
    # The model may call several tools at once; what it does to the list stays in an order.
    one_at_a_time = asyncio.Lock()
    return [_tool(offered, hands, one_at_a_time) for offered in await hands.tools()]


def _tool(offered: Offered, hands: Hands, one_at_a_time: asyncio.Lock) -> FunctionTool:
    async def invoke(context: ToolContext[Any], given: str) -> str:
        async with one_at_a_time:
            try:
                arguments = json.loads(given or "{}")
                # Counted, because some servers give every call the same id.
                key = f"{len(hands.calls) + 1}:{context.tool_call_id}"[:150]
                if not isinstance(arguments, dict):
                    return "Error: the arguments must be a JSON object."
                if offered.name in ASKED_FIRST:
                    await hands.ask_before_deleting(key, arguments)
                    return "The user is being asked."
                return json.dumps(await hands.use(key, offered.name, arguments))
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
