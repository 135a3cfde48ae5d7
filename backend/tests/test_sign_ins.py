"""Staying signed in for weeks: refresh tokens, and what ends them."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import jwt
import psycopg
import pytest

from tests.conftest import SECRET, Start
from tests.people import PASSWORD, Person, register

pytestmark = pytest.mark.anyio

OTHER_SECRET = "the secret that comes next, which is long enough for any algorithm as well"


async def log_in(client: httpx.AsyncClient, email: str, **headers: str) -> dict[str, Any]:
    body = {"email": email, "password": PASSWORD}
    reply = await client.post("/auth/login", json=body, headers=headers)
    assert reply.status_code == 200, reply.text
    tokens: dict[str, Any] = reply.json()
    return tokens


async def refresh(client: httpx.AsyncClient, token: str) -> httpx.Response:
    return await client.post("/auth/refresh", json={"refresh_token": token})


async def status(client: httpx.AsyncClient, access_token: str) -> int:
    headers = {"Authorization": f"Bearer {access_token}"}
    return (await client.get("/auth/me", headers=headers)).status_code


def later(database_url: str, **interval: int) -> None:
    """As if so much time had passed since the sign-ins were made and used."""
    words = " ".join(f"{count} {unit}" for unit, count in interval.items())
    with psycopg.connect(database_url) as connection:
        connection.execute(
            "UPDATE sessions SET created_at = created_at - %(ago)s::interval,"
            " expires_at = expires_at - %(ago)s::interval,"
            " last_used_at = last_used_at - %(ago)s::interval,"
            " rotated_at = rotated_at - %(ago)s::interval",
            {"ago": words},
        )


async def test_a_refresh_token_keeps_somebody_signed_in_who_comes_back_within_thirty_days(
    client: httpx.AsyncClient, database_url: str
) -> None:
    ann = await register(client, "ann@example.com")
    tokens = await log_in(client, ann.email)
    for _ in range(2):
        later(database_url, days=29)
        reply = await refresh(client, tokens["refresh_token"])
        assert reply.status_code == 200, reply.text
        assert reply.json()["refresh_token"] != tokens["refresh_token"]
        tokens = reply.json()
        assert await status(client, tokens["access_token"]) == 200
        left = datetime.fromisoformat(tokens["session_expires_at"]) - datetime.now(UTC)
        assert timedelta(days=29, hours=23) < left <= timedelta(days=30)
        minutes = datetime.fromisoformat(tokens["expires_at"]) - datetime.now(UTC)
        assert minutes <= timedelta(minutes=30)
    later(database_url, days=31)
    assert (await refresh(client, tokens["refresh_token"])).status_code == 401


async def test_a_sign_in_ends_after_ninety_days_however_often_it_is_used(
    client: httpx.AsyncClient, database_url: str
) -> None:
    tokens = await log_in(client, (await register(client)).email)
    for _ in range(4):
        later(database_url, days=22)
        tokens = (await refresh(client, tokens["refresh_token"])).json()
    left = datetime.fromisoformat(tokens["session_expires_at"]) - datetime.now(UTC)
    assert timedelta(days=1, hours=23) < left <= timedelta(days=2)
    later(database_url, days=2)
    assert (await refresh(client, tokens["refresh_token"])).status_code == 401
    assert await status(client, tokens["access_token"]) == 401


async def test_a_sign_in_that_stands_too_long_already_is_not_kept_alive(
    start: Start, database_url: str
) -> None:
    client = await start(session_days=1, session_max_days=5)
    tokens = await log_in(client, (await register(client)).email)
    with psycopg.connect(database_url) as connection:
        connection.execute("UPDATE sessions SET created_at = created_at - interval '6 days'")
    assert (await refresh(client, tokens["refresh_token"])).status_code == 401


async def test_how_long_somebody_stays_signed_in_can_be_set(start: Start) -> None:
    client = await start(session_days=2)
    tokens = await log_in(client, (await register(client)).email)
    left = datetime.fromisoformat(tokens["session_expires_at"]) - datetime.now(UTC)
    assert timedelta(days=1, hours=23) < left <= timedelta(days=2)


async def test_registering_gives_a_refresh_token_too(client: httpx.AsyncClient) -> None:
    body = {"email": "ann@example.com", "password": PASSWORD}
    made = (await client.post("/auth/register", json=body)).json()
    assert (await refresh(client, made["refresh_token"])).status_code == 200


async def test_two_tabs_that_refresh_at_once_go_on_with_the_same_token(start: Start) -> None:
    pods = [await start(), await start()]
    ann = await register(pods[0])
    token = (await log_in(pods[0], ann.email))["refresh_token"]
    replies = await asyncio.gather(*(refresh(pods[number % 2], token) for number in range(6)))
    assert [reply.status_code for reply in replies] == [200] * 6
    following = {reply.json()["refresh_token"] for reply in replies}
    assert len(following) == 1
    for reply in replies:
        assert await status(pods[1], reply.json()["access_token"]) == 200
    assert (await refresh(pods[1], following.pop())).status_code == 200


async def test_a_refresh_token_that_is_used_again_later_ends_the_sign_in(
    client: httpx.AsyncClient, database_url: str
) -> None:
    ann = await register(client)
    elsewhere = await log_in(client, ann.email)
    stolen = await log_in(client, ann.email)
    renewed = (await refresh(client, stolen["refresh_token"])).json()
    later(database_url, minutes=2)
    assert (await refresh(client, stolen["refresh_token"])).status_code == 401
    assert (await refresh(client, renewed["refresh_token"])).status_code == 401
    assert await status(client, renewed["access_token"]) == 401
    assert await status(client, elsewhere["access_token"]) == 200


async def test_a_refresh_token_of_two_uses_ago_ends_the_sign_in_at_once(
    client: httpx.AsyncClient,
) -> None:
    first = (await log_in(client, (await register(client)).email))["refresh_token"]
    second = (await refresh(client, first)).json()["refresh_token"]
    third = (await refresh(client, second)).json()["refresh_token"]
    assert (await refresh(client, first)).status_code == 401
    assert (await refresh(client, third)).status_code == 401


async def test_refresh_tokens_are_kept_as_hashes_and_open_nothing_else(
    client: httpx.AsyncClient, database_url: str
) -> None:
    ann = await register(client)
    token = (await log_in(client, ann.email))["refresh_token"]
    assert await status(client, token) == 401
    with psycopg.connect(database_url) as connection:
        rows = connection.execute("SELECT sessions::text FROM sessions").fetchall()
    assert token not in str(rows)
    assert token.partition(".")[2] not in str(rows)


@pytest.mark.parametrize("token", ["x", "no.token", "é.ü", "." * 200, "\x00.\x00"])
async def test_nonsense_is_no_refresh_token(client: httpx.AsyncClient, token: str) -> None:
    assert (await refresh(client, token)).status_code == 401


async def test_a_refresh_token_outlives_a_change_of_the_secret(start: Start) -> None:
    before = await start()
    ann = await register(before)
    tokens = await log_in(before, ann.email)
    after = await start(jwt_secret=OTHER_SECRET, jwt_secret_previous=SECRET)
    renewed = await refresh(before, tokens["refresh_token"])
    again = await refresh(after, tokens["refresh_token"])
    assert again.json()["refresh_token"] == renewed.json()["refresh_token"]
    assert (await refresh(after, again.json()["refresh_token"])).status_code == 200


async def test_both_secrets_are_good_while_one_replaces_the_other(start: Start) -> None:
    old = await start()
    ann = await register(old)
    new = await start(jwt_secret=OTHER_SECRET, jwt_secret_previous=SECRET)
    assert await status(new, ann.token) == 200, "who was signed in stays so"
    late = (await log_in(new, ann.email))["access_token"]
    assert jwt.decode(late, OTHER_SECRET, algorithms=["HS256"])["sub"] == ann.user_id
    # Before the pods sign with the new secret, all must know it: first as the "previous" one.
    known = await start(jwt_secret_previous=OTHER_SECRET)
    assert await status(known, late) == 200
    only_new = await start(jwt_secret=OTHER_SECRET)
    assert await status(only_new, ann.token) == 401
    assert await status(only_new, late) == 200


async def test_a_token_says_whose_it_is_and_others_tokens_are_refused(
    client: httpx.AsyncClient,
) -> None:
    ann = await register(client)
    genuine = jwt.decode(ann.token, options={"verify_signature": False})
    assert genuine["iss"] == "todo"

    def changed(**changes: object) -> str:
        claims = {key: value for key, value in (genuine | changes).items() if value is not None}
        return jwt.encode(claims, SECRET, algorithm="HS256")

    assert await status(client, changed(iss=None)) == 200, "as earlier versions made them"
    assert await status(client, changed(aud="todo")) == 200, "as the next version makes them"
    assert await status(client, changed(iss="another application")) == 401
    assert await status(client, changed(aud="another application")) == 401


async def test_signing_out_with_the_refresh_token_ends_the_sign_in(
    client: httpx.AsyncClient,
) -> None:
    ann = await register(client)
    tokens = await log_in(client, ann.email)
    body = {"refresh_token": tokens["refresh_token"]}
    assert (await client.post("/auth/logout", json=body)).status_code == 204
    assert await status(client, tokens["access_token"]) == 401
    assert (await refresh(client, tokens["refresh_token"])).status_code == 401
    assert (await client.post("/auth/logout", json=body)).status_code == 401
    assert await status(client, ann.token) == 200


async def test_clients_that_know_no_refresh_token_are_answered_as_before(
    client: httpx.AsyncClient,
) -> None:
    ann: Person = await register(client)
    bodies: tuple[dict[str, str] | None, ...] = (None, {})
    for body in bodies:
        reply = await ann.call("POST", "/auth/refresh", body)
        assert reply.status_code == 200
        assert set(reply.json()) == {
            "access_token",
            "token_type",
            "user_id",
            "expires_at",
            "session_expires_at",
        }
