"""Every operation of the OpenAPI document, once, by somebody who does everything right: all 2xx."""

from typing import Any

import httpx
import pytest

from tests.people import PASSWORD, Person, register

pytestmark = pytest.mark.anyio

NEW_PASSWORD = "another correct horse"


class Ledger:
    """Makes requests as one person, and keeps which operations have had a good answer."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self.done: set[tuple[str, str]] = set()

    async def call(
        self, method: str, template: str, json: object = None, **values: object
    ) -> dict[str, Any]:
        """One request; `values` fill in the template's parameters. Returns the answer's object."""
        path = template.format(user_id=self.person.user_id, **values)
        reply = await self.person.call(method, path, json)
        assert reply.is_success, f"{method} {path}: {reply.status_code} {reply.text}"
        self.done.add((method, template))
        is_json = reply.headers.get("content-type") == "application/json"
        body: object = reply.json() if is_json and reply.content else {}
        return body if isinstance(body, dict) else {"items": body}


async def use_tasks(ledger: Ledger, collection: str, one: str, completion: str) -> None:
    task = (await ledger.call("POST", collection, {"title": "Buy milk"}))["id"]
    await ledger.call("GET", collection)
    await ledger.call("GET", one, task_id=task)
    await ledger.call("PUT", one, {"title": "Buy oat milk"}, task_id=task)
    await ledger.call("PATCH", f"{one}/{completion}", task_id=task)
    await ledger.call("DELETE", one, task_id=task)
    await ledger.call("POST", f"{one}/restore", task_id=task)


async def use_assistant(ledger: Ledger) -> None:
    await ledger.call("GET", "/api/chat/health")
    said = {"message": "add a task to call mum"}
    conversation = (await ledger.call("POST", "/api/chat", said))["conversation_id"]
    more = {"message": "show my tasks", "conversation_id": conversation}
    await ledger.call("POST", "/api/{user_id}/chat", more)
    one = "/api/conversations/{conversation_id}"
    await ledger.call("GET", "/api/conversations")
    await ledger.call("GET", one, conversation_id=conversation)
    await ledger.call("PATCH", f"{one}/title", {"title": "Mum"}, conversation_id=conversation)
    await ledger.call("DELETE", one, conversation_id=conversation)


async def use_account(ledger: Ledger) -> None:
    await ledger.call("PATCH", "/api/account", {"time_zone": "Europe/Berlin"})
    for path in ("/auth/me", "/api/account", "/api/account/export", "/api/account/tokens"):
        await ledger.call("GET", path)
    token = await ledger.call(
        "POST", "/api/account/tokens", {"name": "my editor", "password": PASSWORD}
    )
    await ledger.call("DELETE", "/api/account/tokens/{token_id}", token_id=token["id"])
    await ledger.call("POST", "/auth/refresh")
    change = {"current_password": PASSWORD, "new_password": NEW_PASSWORD}
    await ledger.call("POST", "/api/account/password", change)
    again = {"email": ledger.person.email, "password": NEW_PASSWORD}
    await ledger.call("POST", "/auth/login", again)
    await ledger.call("POST", "/api/account/delete", {"password": NEW_PASSWORD})


async def end_sign_ins(client: httpx.AsyncClient) -> set[tuple[str, str]]:
    path = "/api/account/sign-ins"
    one, everywhere = Ledger(await register(client)), Ledger(await register(client))
    listed = await one.call("GET", path)
    await one.call("DELETE", f"{path}/{{sign_in_id}}", sign_in_id=listed["items"][0]["id"])
    await everywhere.call("DELETE", path)
    return one.done | everywhere.done


async def test_each_one_works(client: httpx.AsyncClient) -> None:
    leaving = Ledger(await register(client))
    await leaving.call("POST", "/auth/logout")
    ledger = Ledger(await register(client))
    for path in ("/livez", "/readyz", "/health", "/metrics"):
        await ledger.call("GET", path)
    person = "/api/{user_id}/tasks"
    await use_tasks(ledger, person, f"{person}/{{task_id}}", "complete")
    await use_tasks(ledger, "/api/tasks", "/api/tasks/{task_id}", "complete")
    await use_tasks(ledger, "/tasks/", "/tasks/{task_id}", "toggle")
    await use_assistant(ledger)
    await use_account(ledger)

    paths = (await client.get("/openapi.json")).json()["paths"]
    documented = {(method.upper(), path) for path, item in paths.items() for method in item}
    # `register` has been called with a good answer by the helper of that name.
    done = ledger.done | leaving.done | await end_sign_ins(client)
    assert documented - done == {("POST", "/auth/register")}
