"""A server with OpenAI's API, in both its forms, that does what the user's message says.

For tests, over real HTTP; by itself: `python -m tests.fake_openai --port 9000`. It keeps nothing
but counts: how far a turn has come is read from the conversation, as a real model does. The lines
of the last user message are its script, one answer of the model's each:

    call add_task {"title": "Buy milk"}      a tool call; several, separated by " & ", at once
    say Done.                                the text it ends with; `say` alone: none at all

and anywhere among them, for this message only:

    fail 429 2 [SECONDS]   the first two requests get this status [and Retry-After]; `fail 500 99`
    garbage                an answer that is no JSON      break    the connection breaks half-way
    slow SECONDS           before every piece of text     hang     no answer at all
    pause SECONDS          before every answer            refuse-key   as with a wrong key
    error 400 CODE [WORDS] every request gets this status with this code and these words
    report CODE            an answer that is reported as failed in its middle
    cut                    an answer that stops at the most that the model may write

In texts and arguments <NUL> and <LONE> stand for U+0000 and half of a surrogate pair.

A message without a script, such as "add a task to X", gets one call of add_task and an answer.
"""

import argparse
import asyncio
import contextlib
import itertools
import json
import re
import threading
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from tests.postgres import free_port

Json = Any
Controls = dict[str, list[str]]
Form = Callable[[str, list[tuple[str, str]], Controls], Iterator[tuple[bool, str]]]
"""An answer, text or calls, as the pieces on the wire, with whether each is a piece of text."""
_CONTROLS = (
    "fail ",
    "garbage",
    "break",
    "slow ",
    "pause ",
    "hang",
    "refuse-key",
    "error ",
    "report ",
    "cut",
)


@dataclass
class Script:
    """A user message, read."""

    rounds: list[list[tuple[str, str]]] = field(default_factory=list)
    text: str = "All done."
    controls: dict[str, list[str]] = field(default_factory=dict)


def read(message: str) -> Script:
    script = Script()
    lines = [line.strip() for line in message.splitlines() if line.strip()]
    lines = [line.replace("<NUL>", "\x00").replace("<LONE>", "\ud800") for line in lines]
    if not any(line.startswith(("call ", "say", *_CONTROLS)) for line in lines):
        wanted = re.match(r"add a task to (.+)", message, re.IGNORECASE)
        if wanted:
            title = wanted[1].strip(". ")
            script.rounds = [[("add_task", json.dumps({"title": title}))]]
            script.text = f"I added “{title}”."
        return script
    for line in lines:
        word, _, rest = line.partition(" ")
        if line == "say":
            script.text = ""
        elif word == "call":
            calls = [part.strip().removeprefix("call ") for part in rest.split(" & ")]
            parts = [call.partition(" ") for call in calls]
            script.rounds.append([(name, given.strip() or "{}") for name, _, given in parts])
        elif word == "say":
            script.text = rest
        else:
            script.controls[word] = rest.split()
    return script


class FakeOpenAI:
    """`app` is the server; `requests` is what it was sent."""

    def __init__(self) -> None:
        self.requests: list[dict[str, Json]] = []
        self.open = 0
        """Answers that are under way."""
        self._failed: Counter[str] = Counter()
        self.app = Starlette(
            routes=[
                Route("/v1/responses", self._responses, methods=["POST"]),
                Route("/v1/chat/completions", self._completions, methods=["POST"]),
                Route("/healthz", lambda _: Response("ok")),
            ]
        )

    def forget(self) -> None:
        self.requests.clear()
        self._failed.clear()

    async def _responses(self, request: Request) -> Response:
        body = await request.json()
        self.requests.append(body)
        items = body["input"]
        last = max(i for i, item in enumerate(items) if item.get("role") == "user")
        done = sum(item.get("type") == "function_call" for item in items[last:])
        return await self._answer(items[last]["content"], done, _as_response)

    async def _completions(self, request: Request) -> Response:
        body = await request.json()
        self.requests.append(body)
        messages = body["messages"]
        last = max(i for i, item in enumerate(messages) if item["role"] == "user")
        done = sum(len(item.get("tool_calls") or []) for item in messages[last:])
        return await self._answer(messages[last]["content"], done, _as_completion)

    async def _answer(self, message: str, done: int, form: Form) -> Response:
        script = read(message)
        if refusal := await self._refusal(message, script.controls):
            return refusal
        rounds = itertools.accumulate(len(calls) for calls in script.rounds)
        number = next((i for i, made in enumerate(rounds) if made > done), None)
        calls = [] if number is None else script.rounds[number]
        text = script.text if number is None else ""
        return StreamingResponse(
            self._stream(form(text, calls, script.controls), script.controls),
            media_type="text/event-stream",
        )

    async def _refusal(self, message: str, controls: dict[str, list[str]]) -> Response | None:
        if "refuse-key" in controls:
            return _error(401, "Incorrect API key provided")
        if "pause" in controls:
            await asyncio.sleep(float(controls["pause"][0]))
        if "hang" in controls:
            await asyncio.sleep(600)
        if "error" in controls:
            status, code, *words = controls["error"]
            return _error(int(status), " ".join(words) or "Told to fail", code=code)
        if "garbage" in controls:
            return Response("data: {<<< this is no JSON\n\n", media_type="text/event-stream")
        if "fail" in controls:
            status, times, *after = controls["fail"]
            self._failed[message] += 1
            if self._failed[message] <= int(times):
                headers = {"retry-after": after[0]} if after else {}
                return _error(int(status), "Told to fail", headers)
        return None

    async def _stream(
        self, events: Iterator[tuple[bool, str]], controls: dict[str, list[str]]
    ) -> AsyncIterator[str]:
        self.open += 1
        try:
            for is_text, event in events:
                if is_text and "slow" in controls:
                    await asyncio.sleep(float(controls["slow"][0]))
                yield event
                if is_text and "break" in controls:
                    raise ConnectionAbortedError("told to break")
        finally:
            self.open -= 1


def _error(
    status: int, text: str, headers: dict[str, str] | None = None, code: str | None = None
) -> Response:
    error = {"message": text, "type": "fake", "code": code}
    return JSONResponse({"error": error}, status, headers)


def _words(text: str) -> list[str]:
    return re.findall(r"\s*\S+", text)


def _as_response(
    text: str, calls: list[tuple[str, str]], controls: Controls
) -> Iterator[tuple[bool, str]]:
    response = {
        "id": f"resp_{uuid4().hex}", "object": "response", "created_at": 0, "model": "fake",
        "output": [], "parallel_tool_calls": True, "tool_choice": "auto", "tools": [],
        "status": "in_progress",
    }  # fmt: skip
    numbers = itertools.count()

    def event(kind: str, **data: Json) -> str:
        body = {"type": kind, "sequence_number": next(numbers), **data}
        return f"event: {kind}\ndata: {json.dumps(body)}\n\n"

    yield False, event("response.created", response=response)
    output: list[Json] = []
    for name, arguments in calls:
        item: Json = {
            "type": "function_call", "id": f"fc_{uuid4().hex}", "call_id": f"call_{uuid4().hex}",
            "name": name, "arguments": "", "status": "in_progress",
        }  # fmt: skip
        at = {"output_index": len(output)}
        yield False, event("response.output_item.added", item=item, **at)
        part = {"item_id": item["id"], **at}
        yield False, event("response.function_call_arguments.delta", delta=arguments, **part)
        yield (
            False,
            event("response.function_call_arguments.done", arguments=arguments, name=name, **part),
        )
        item = {**item, "arguments": arguments, "status": "completed"}
        yield False, event("response.output_item.done", item=item, **at)
        output.append(item)
    if text:
        item = {
            "type": "message", "id": f"msg_{uuid4().hex}", "role": "assistant", "content": [],
            "status": "in_progress",
        }  # fmt: skip
        at = {"output_index": len(output)}
        yield False, event("response.output_item.added", item=item, **at)
        part = {"item_id": item["id"], "content_index": 0, **at}
        content: Json = {"type": "output_text", "text": "", "annotations": [], "logprobs": []}
        yield False, event("response.content_part.added", part=content, **part)
        for word in _words(text):
            yield True, event("response.output_text.delta", delta=word, logprobs=[], **part)
        content = {**content, "text": text}
        yield False, event("response.output_text.done", text=text, logprobs=[], **part)
        yield False, event("response.content_part.done", part=content, **part)
        item = {**item, "content": [content], "status": "completed"}
        yield False, event("response.output_item.done", item=item, **at)
        output.append(item)
    usage = {
        "input_tokens": 1, "output_tokens": 1, "total_tokens": 2,
        "input_tokens_details": {"cached_tokens": 0, "cache_write_tokens": 0},
        "output_tokens_details": {"reasoning_tokens": 0},
    }  # fmt: skip
    done = {**response, "output": output, "status": "completed", "usage": usage}
    if "report" in controls:
        error = {"code": controls["report"][0], "message": "Told to fail"}
        yield False, event("response.failed", response={**done, "status": "failed", "error": error})
    elif "cut" in controls:
        why = {"status": "incomplete", "incomplete_details": {"reason": "max_output_tokens"}}
        yield False, event("response.incomplete", response={**done, **why})
    else:
        yield False, event("response.completed", response=done)


def _as_completion(
    text: str, calls: list[tuple[str, str]], controls: Controls
) -> Iterator[tuple[bool, str]]:
    frame = {
        "id": f"chatcmpl-{uuid4().hex}",
        "object": "chat.completion.chunk",
        "created": 0,
        "model": "fake",
    }

    def chunk(delta: Json, finish: str | None = None) -> str:
        choice = {"index": 0, "delta": delta, "finish_reason": finish}
        return f"data: {json.dumps({**frame, 'choices': [choice]})}\n\n"

    yield False, chunk({"role": "assistant", "content": ""})
    for index, (name, arguments) in enumerate(calls):
        call = {"index": index, "id": f"call_{uuid4().hex}", "type": "function"}
        yield False, chunk({"tool_calls": [{**call, "function": {"name": name, "arguments": ""}}]})
        half = len(arguments) // 2
        for piece in (arguments[:half], arguments[half:]):
            yield False, chunk({"tool_calls": [{"index": index, "function": {"arguments": piece}}]})
    for word in _words(text):
        yield True, chunk({"content": word})
    if "report" in controls:
        error = {"error": {"code": controls["report"][0], "message": "Told to fail"}}
        yield False, f"data: {json.dumps(error)}\n\n"
        return
    yield False, chunk({}, "tool_calls" if calls else "length" if "cut" in controls else "stop")
    yield False, "data: [DONE]\n\n"


def _server(fake: FakeOpenAI, port: int) -> uvicorn.Server:
    return uvicorn.Server(
        uvicorn.Config(
            fake.app, port=port, log_level="critical", lifespan="off", timeout_graceful_shutdown=1
        )
    )


@contextlib.contextmanager
def running() -> Iterator[tuple[FakeOpenAI, str]]:
    """A server in a thread, and its address."""
    fake, port = FakeOpenAI(), free_port()
    server = _server(fake, port)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        while not server.started and thread.is_alive():
            threading.Event().wait(0.01)
        yield fake, f"http://127.0.0.1:{port}/v1"
    finally:
        server.should_exit = True
        thread.join(10)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--host", default="127.0.0.1")
    given = parser.parse_args()
    uvicorn.run(FakeOpenAI().app, host=given.host, port=given.port, log_level="warning")
