"""What holds for every route: sizes, ids, errors, other origins, the OpenAPI document."""

import dataclasses
from collections import Counter
from collections.abc import AsyncIterator

import httpx
import pytest

from app.application import create_app
from app.middleware.body_limit import MAX_BODY
from app.settings import Settings
from app.state import keep_state, state_of
from tests.conftest import SECRET, Start
from tests.people import PASSWORD, register

pytestmark = pytest.mark.anyio

# For everybody, without a token.
OPEN = ("/livez", "/readyz", "/health", "/metrics", "/api/chat/health")


async def test_a_body_that_is_too_large_is_refused(client: httpx.AsyncClient) -> None:
    ann = await register(client)
    body = b'{"title": "' + b"x" * MAX_BODY + b'"}'

    async def in_pieces() -> AsyncIterator[bytes]:
        for start in range(0, len(body), 1000):
            yield body[start : start + 1000]

    for content in (body, in_pieces()):
        headers = {**ann.headers, "Content-Type": "application/json"}
        reply = await client.post("/tasks/", headers=headers, content=content)
        assert reply.status_code == 413
        assert reply.json() == {"detail": "The request is too large: at most 64 KiB are accepted."}
    assert (await ann.call("GET", "/tasks/")).json() == []


async def test_a_body_that_is_no_json_is_the_callers_fault(client: httpx.AsyncClient) -> None:
    headers = {"Content-Type": "application/json"}
    for body in (b"", b"{", b"\xff\xfe", b'{"email": "\\ud800@x.org"}', b"null"):
        reply = await client.post("/auth/login", headers=headers, content=body)
        assert reply.status_code in (400, 422), body


async def test_every_answer_carries_a_request_id(client: httpx.AsyncClient) -> None:
    given = await client.get("/livez", headers={"X-Request-ID": "from-the-forwarder.1"})
    assert given.headers["x-request-id"] == "from-the-forwarder.1"
    for unfit in ("", "a b", "x" * 65, '"}{"'):
        reply = await client.get("/nowhere", headers={"X-Request-ID": unfit})
        assert reply.status_code == 404
        assert reply.headers["x-request-id"] not in ("", unfit)


async def test_a_wrong_method_is_told_the_right_ones(client: httpx.AsyncClient) -> None:
    for path, methods in (
        ("/tasks/1", "DELETE, GET, HEAD, PUT"),
        ("/api/someone/tasks", "GET, HEAD, POST"),
        ("/tasks/1/toggle", "PATCH"),
        ("/livez", "GET, HEAD"),
    ):
        reply = await client.request("OPTIONS", path)
        assert (reply.status_code, reply.headers["allow"]) == (405, methods), path


async def test_a_mistake_of_ours_tells_the_caller_nothing_but_that(
    database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    settings = Settings.model_validate({"database_url": database_url, "jwt_secret": SECRET})
    app = create_app(settings)
    keep_state(app, dataclasses.replace(state_of(app), passwords=None))  # type: ignore[arg-type]
    transport = httpx.ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://backend:8000") as client,
    ):
        body = {"email": "ann@example.com", "password": PASSWORD}
        reply = await client.post("/auth/register", json=body)
    assert reply.status_code == 500
    assert reply.json() == {"detail": "Something went wrong on our side. Try again in a moment."}
    assert reply.headers["x-request-id"]
    assert "unhandled error" in caplog.text
    assert PASSWORD not in caplog.text


async def test_a_page_of_another_origin_is_told_of_our_mistakes_and_of_its_own(
    database_url: str,
) -> None:
    given = {"database_url": database_url, "jwt_secret": SECRET, "cors_origins": ["https://a.org"]}
    app = create_app(Settings.model_validate(given))
    keep_state(app, dataclasses.replace(state_of(app), passwords=None))  # type: ignore[arg-type]
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url="http://backend:8000"
        ) as client,
    ):
        headers = {"Origin": "https://a.org"}
        body = {"email": "ann@example.com", "password": PASSWORD}
        for reply in (
            await client.post("/auth/register", json=body, headers=headers),
            await client.post("/auth/register", json="x" * 70_000, headers=headers),
            await client.get("/nowhere", headers=headers),
        ):
            assert reply.status_code in (500, 413, 404)
            assert reply.headers["access-control-allow-origin"] == "https://a.org"


async def test_every_origin_may_be_let_in_to_the_mcp_server_as_well(start: Start) -> None:
    for origins, refused in ((["*"], False), (["https://a.org"], True)):
        client = await start(cors_origins=origins)
        headers = (await register(client)).headers | {"Origin": "https://b.org"}
        reply = await client.post("/mcp", json={}, headers=headers)
        assert (reply.status_code == 403) == refused, (origins, reply.text)


async def test_other_origins_are_let_in_only_when_listed(start: Start) -> None:
    asking = {"Origin": "https://todo.example.com", "Access-Control-Request-Method": "POST"}
    closed = await start()
    assert "access-control-allow-origin" not in (await closed.get("/livez", headers=asking)).headers
    opened = await start(cors_origins=["https://todo.example.com"])
    reply = await opened.options("/tasks/", headers=asking)
    assert reply.status_code == 200
    assert reply.headers["access-control-allow-origin"] == "https://todo.example.com"
    for path, header in (
        ("/mcp", "mcp-protocol-version"),
        ("/mcp", "mcp-session-id"),
        ("/mcp", "last-event-id"),
        ("/tasks/", "x-request-id"),
        ("/tasks/", "x-time-zone"),
        ("/tasks/1", "if-match"),
    ):
        asked = asking | {"Access-Control-Request-Headers": f"authorization, {header}"}
        reply = await opened.options(path, headers=asked)
        assert reply.status_code == 200, (path, header, reply.text)
    stranger = await opened.get("/livez", headers={"Origin": "https://evil.example.com"})
    assert "access-control-allow-origin" not in stranger.headers


async def test_the_openapi_document_declares_what_routes_can_answer(
    client: httpx.AsyncClient,
) -> None:
    document = (await client.get("/openapi.json")).json()
    operations = {
        (path, method): operation
        for path, item in document["paths"].items()
        for method, operation in item.items()
    }
    kinds = Counter(operation["tags"][0] for operation in operations.values())
    assert kinds == {
        "health": 4,
        "auth": 5,
        "account": 11,
        "tasks": 3 * 7,
        "conversations": 4,
        "chat": 3,
    }
    for (path, method), operation in operations.items():
        statuses = set(operation["responses"])
        if path in OPEN:
            continue
        assert {"400", "413", "422", "500", "503"} <= statuses, (path, method)
        if path not in ("/auth/login", "/auth/register"):
            assert operation["security"] == [{"HTTPBearer": []}], (path, method)
            assert "401" in statuses
        if operation["tags"] == ["tasks"]:
            assert ("403" in statuses) == ("{user_id}" in path)
        if operation["tags"] != ["chat"]:
            assert ("404" in statuses) == ("_id}" in path.replace("{user_id}", ""))
    assert len({operation["operationId"] for operation in operations.values()}) == len(operations)


async def test_metrics_count_requests_by_route_and_not_by_path(client: httpx.AsyncClient) -> None:
    ann = await register(client)
    await client.get("/metrics")  # which is counted itself
    before = (await client.get("/metrics")).text
    for path in ("/tasks/17", "/tasks/18", "/nowhere/17", "/nowhere/18"):
        await ann.call("GET", path)
    await client.request("INVENTED", "/tasks/17")
    shown = await client.get("/metrics")
    assert shown.headers["content-type"].startswith("text/plain; version=")
    series = "http_request_duration_seconds_count{{{}}} {}".format
    assert series('method="GET",route="/tasks/{task_id}",status="404"', "") in shown.text
    assert series('method="GET",route="none",status="404"', "") in shown.text
    assert series('method="other",route="/tasks/{task_id}",status="405"', "") in shown.text
    assert "/tasks/17" not in shown.text
    assert "/nowhere" not in shown.text
    assert ann.user_id not in shown.text
    assert shown.text.count("\n") < before.count("\n") + 3 * 20
    assert "http_requests_under_way 1.0" in shown.text
    assert "database_connections_in_use 0.0" in shown.text
