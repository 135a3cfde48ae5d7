"""Registering, signing in, staying signed in, signing out; and who gets no further."""

import asyncio
import base64
import json
import threading
from datetime import UTC, datetime, timedelta

import httpx
import jwt
import psycopg
import pytest
from pwdlib import PasswordHash

from app.security.passwords import USUAL, PasswordHasher
from app.services import login_limit
from tests.conftest import SECRET, Start
from tests.people import PASSWORD, Person, register

pytestmark = pytest.mark.anyio


@pytest.fixture(autouse=True)
def refusals_take_no_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten wrong passwords would take five seconds."""
    monkeypatch.setattr("app.services.accounts.REFUSED_EVERY", 0.001)


async def log_in(client: httpx.AsyncClient, email: str, password: str = PASSWORD) -> httpx.Response:
    return await client.post("/auth/login", json={"email": email, "password": password})


async def me(client: httpx.AsyncClient, token: str) -> httpx.Response:
    return await client.get("/auth/me", headers={"Authorization": f"Bearer {token}"})


async def test_registering_and_signing_in_give_a_token_of_half_an_hour(
    client: httpx.AsyncClient,
) -> None:
    ann = await register(client, "Ann@Example.com")
    reply = await log_in(client, "aNN@example.COM")
    assert reply.status_code == 200
    body = reply.json()
    assert (body["token_type"], body["user_id"]) == ("bearer", ann.user_id)
    claims = jwt.decode(body["access_token"], SECRET, algorithms=["HS256"])
    assert claims["sub"] == ann.user_id
    assert claims["exp"] - claims["iat"] == 30 * 60
    account = (await me(client, body["access_token"])).json()
    assert (account["user_id"], account["email"]) == (ann.user_id, "ann@example.com")


async def test_users_whose_addresses_begin_alike_are_different_users(
    client: httpx.AsyncClient,
) -> None:
    people = [await register(client, email) for email in ("a@x.org", "a@y.org")]
    assert len({person.user_id for person in people}) == 2


async def test_an_address_is_registered_once(client: httpx.AsyncClient) -> None:
    body = {"email": "ann@example.com", "password": PASSWORD}
    replies = await asyncio.gather(*(client.post("/auth/register", json=body) for _ in range(4)))
    statuses = [reply.status_code for reply in replies]
    # On a busy machine some wait in vain for their turn to hash.
    assert statuses.count(201) == 1
    assert set(statuses) <= {201, 409, 503}
    again = await client.post("/auth/register", json=body | {"email": "ANN@example.com"})
    assert again.status_code == 409
    assert "already registered" in again.json()["detail"]


async def test_wrong_credentials_are_refused_in_the_same_words(client: httpx.AsyncClient) -> None:
    ann = await register(client, "ann@example.com")
    for email, password in (
        (ann.email, "wrong password"),
        (ann.email, PASSWORD + " "),
        ("nobody@example.com", PASSWORD),
    ):
        reply = await log_in(client, email, password)
        assert reply.status_code == 401, (email, password)
        assert reply.json() == {"detail": "The email address or the password is wrong."}


async def test_a_wrong_registration_is_refused_without_repeating_it(
    client: httpx.AsyncClient,
) -> None:
    bodies: list[object] = [
        {"email": "ann@example.com", "password": "short"},
        {"email": "ann@example.com", "password": "x" * 129},
        {"email": "no address", "password": PASSWORD},
        {"email": "a@b@c", "password": PASSWORD},
        {"email": "foo@bar", "password": PASSWORD},
        {"email": "<script>@x.org", "password": PASSWORD},
        {"email": "a..b@x.org", "password": PASSWORD},
        {"email": "ann@x.org\n", "password": PASSWORD},
        {"email": "@example.com", "password": PASSWORD},
        {"email": "a" * 250 + "@x.org", "password": PASSWORD},
        {"email": None, "password": PASSWORD},
        {"password": PASSWORD},
        [],
    ]
    for body in bodies:
        reply = await client.post("/auth/register", json=body)
        assert reply.status_code == 422, body
        assert PASSWORD not in reply.text


async def test_accounts_that_came_with_an_odd_address_can_sign_in(
    client: httpx.AsyncClient, database_url: str
) -> None:
    ann = await register(client)
    for email in ("ann@localhost", "änn@exämple.org", "ann", "a..b@c"):
        with psycopg.connect(database_url) as connection:
            connection.execute("UPDATE users SET email = %s", (email,))
        reply = await log_in(client, email)
        assert (reply.status_code, reply.json()["user_id"]) == (200, ann.user_id), email


async def test_answers_are_kept_in_no_cache_and_taken_for_nothing_else(
    client: httpx.AsyncClient,
) -> None:
    ann = await register(client)
    for reply in (
        await log_in(client, ann.email),
        await log_in(client, ann.email, "wrong password"),
        await ann.call("POST", "/auth/refresh"),
        await ann.call("GET", "/nowhere"),
    ):
        assert reply.headers["cache-control"] == "no-store"
        assert reply.headers["x-content-type-options"] == "nosniff"


async def test_a_password_is_kept_only_as_an_argon2_hash(start: Start, database_url: str) -> None:
    await register(await start(password_cost=USUAL), "ann@example.com")
    with psycopg.connect(database_url) as connection:
        rows = connection.execute("SELECT hashed_password FROM users").fetchall()
    assert rows[0][0].startswith("$argon2id$v=19$m=65536,t=3,p=1$")


async def test_guessing_is_stopped_per_account_across_pods(start: Start) -> None:
    pods = [await start(), await start()]
    ann = await register(pods[0], "ann@example.com")
    bob = await register(pods[0], "bob@example.com")
    for attempt in range(login_limit.FAILURES):
        reply = await log_in(pods[attempt % 2], ann.email, f"guess {attempt}")
        assert reply.status_code == 401
    for pod in pods:
        stopped = await log_in(pod, ann.email, PASSWORD)
        assert stopped.status_code == 429
        assert 0 < int(stopped.headers["Retry-After"]) <= login_limit.WINDOW.total_seconds()
    assert (await log_in(pods[0], bob.email)).status_code == 200
    assert (await me(pods[1], ann.token)).status_code == 200, "who is signed in stays so"


async def test_strangers_slow_down_strangers_and_never_keep_the_owner_out(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = await start()
    ann = await register(client, "ann@example.com")
    first = await log_in(client, ann.email)
    device = first.json()["device_token"]
    for number in range(login_limit.FAILURES):
        await log_in(client, ann.email, f"guess {number}")
    assert (await log_in(client, ann.email)).status_code == 429

    async def on(token: str, password: str = PASSWORD) -> int:
        body = {"email": ann.email, "password": password, "device_token": token}
        return (await client.post("/auth/login", json=body)).status_code

    assert await on(device) == 200, "the device that was here before"
    other = (await log_in(client, (await register(client)).email)).json()["device_token"]
    assert await on(other) == 429, "another user's device"
    assert await on("made up ü") == 429
    change = {"current_password": PASSWORD, "new_password": "another good one"}
    assert (await ann.call("POST", "/api/account/password", change)).status_code == 204
    # Whoever is refused takes nobody's turn, and the next turn comes soon.
    monkeypatch.setattr("app.services.login_limit.PAUSE", timedelta(microseconds=1))
    assert (await log_in(client, ann.email, "another good one")).status_code == 200


async def test_guesses_on_a_known_device_are_counted_too(client: httpx.AsyncClient) -> None:
    ann = await register(client, "ann@example.com")
    device = (await log_in(client, ann.email)).json()["device_token"]
    body = {"email": ann.email, "password": "guess", "device_token": device}
    codes = [
        (await client.post("/auth/login", json=body)).status_code
        for _ in range(login_limit.FAILURES + 1)
    ]
    assert codes == [401] * login_limit.FAILURES + [429]


async def test_registrations_leave_a_slot_for_those_who_sign_in(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = await start(password_hashes_at_once=2)
    ann = await register(client)
    release = threading.Event()
    hashed = PasswordHash.hash

    def slowly(self: PasswordHash, password: str) -> str:
        release.wait(60)
        return hashed(self, password)

    monkeypatch.setattr(PasswordHash, "hash", slowly)
    crowd = [asyncio.create_task(register(client)) for _ in range(2)]
    try:
        assert (await log_in(client, ann.email)).status_code == 200
    finally:
        release.set()
        await asyncio.gather(*crowd, return_exceptions=True)


async def settle() -> None:
    for _ in range(50):
        await asyncio.sleep(0)


async def test_who_signs_in_comes_before_a_crowd_that_registers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    release = threading.Event()
    order: list[str] = []

    def note(what: str) -> bool:
        release.wait(60)
        order.append(what)
        return True

    monkeypatch.setattr(PasswordHash, "hash", lambda *_: note("registration"))
    monkeypatch.setattr(PasswordHash, "verify", lambda *_: note("sign-in"))
    hasher = PasswordHasher()
    crowd = [asyncio.create_task(hasher.hash_of_newcomer(PASSWORD)) for _ in range(5)]
    await settle()
    sign_in = asyncio.create_task(hasher.verify(PASSWORD, None))
    await settle()
    release.set()
    await asyncio.gather(*crowd, sign_in)
    hasher.close()
    assert order == ["registration", "sign-in", *["registration"] * 4]


async def test_guesses_sent_all_at_once_count_too(client: httpx.AsyncClient) -> None:
    ann = await register(client, "ann@example.com")
    tried = login_limit.FAILURES + 5
    replies = await asyncio.gather(
        *(log_in(client, ann.email, f"guess {number}") for number in range(tried))
    )
    looked_at = [reply for reply in replies if reply.status_code == 401]
    assert len(looked_at) <= login_limit.FAILURES
    assert {reply.status_code for reply in replies} <= {401, 429, 503}


async def test_the_wait_ends_and_a_right_password_clears_the_count(
    client: httpx.AsyncClient, database_url: str
) -> None:
    ann = await register(client, "ann@example.com")
    for _ in range(login_limit.FAILURES + 1):
        await log_in(client, ann.email, "wrong password")
    assert (await log_in(client, ann.email)).status_code == 429
    with psycopg.connect(database_url) as connection:
        connection.execute(
            "UPDATE login_throttle SET window_started_at = now() - interval '11 min'"
        )
        # So many older ones that the clean-up does not come to Ann's.
        connection.execute(
            "INSERT INTO login_throttle SELECT n, now() - interval '1 day', 1"
            " FROM generate_series(1, %s) n",
            (login_limit.CLEANED_AT_ONCE,),
        )
    assert (await log_in(client, ann.email)).status_code == 200
    with psycopg.connect(database_url) as connection:
        assert connection.execute("SELECT count(*) FROM login_throttle").fetchone() == (0,)


async def test_the_count_of_unknown_addresses_does_not_grow_for_ever(
    client: httpx.AsyncClient, database_url: str
) -> None:
    await log_in(client, "nobody@example.com")
    with psycopg.connect(database_url) as connection:
        connection.execute(
            "UPDATE login_throttle SET window_started_at = now() - interval '11 min'"
        )
    await log_in(client, "somebody@example.com")
    with psycopg.connect(database_url) as connection:
        rows = connection.execute("SELECT account FROM login_throttle").fetchall()
    assert rows == [(login_limit.of_anybody("somebody@example.com"),)]


async def test_more_sign_ins_than_can_be_hashed_are_told_to_wait(start: Start) -> None:
    client = await start(registrations_per_minute=1000)
    ann = await register(client, "ann@example.com")
    replies = await asyncio.gather(*(register_anew(client, number) for number in range(60)))
    statuses = {reply.status_code for reply in replies}
    assert 201 in statuses
    assert statuses <= {201, 503}
    for reply in replies:
        if reply.status_code == 503:
            assert int(reply.headers["Retry-After"]) > 0
    assert (await log_in(client, ann.email)).status_code == 200


async def register_anew(client: httpx.AsyncClient, number: int) -> httpx.Response:
    body = {"email": f"{number}@example.com", "password": PASSWORD}
    return await client.post("/auth/register", json=body, timeout=60)


async def test_an_access_token_renews_itself_and_never_beyond_the_end_of_the_sign_in(
    client: httpx.AsyncClient, database_url: str
) -> None:
    ann = await register(client, "ann@example.com")
    first = await ann.call("POST", "/auth/refresh")
    assert first.status_code == 200
    body = first.json()
    assert (body["user_id"], body["token_type"]) == (ann.user_id, "bearer")
    assert (await me(client, ann.token)).status_code == 200, "requests under way keep working"

    with psycopg.connect(database_url) as connection:
        connection.execute("UPDATE sessions SET expires_at = now() + interval '5 min'")
    last = (await ann.call("POST", "/auth/refresh")).json()
    assert last["expires_at"] == last["session_expires_at"]
    assert (await me(client, last["access_token"])).status_code == 200

    with psycopg.connect(database_url) as connection:
        connection.execute("UPDATE sessions SET expires_at = now()")
    for token in (ann.token, last["access_token"]):
        assert (await me(client, token)).status_code == 401
    assert (await ann.call("POST", "/auth/refresh")).status_code == 401


async def test_signing_out_ends_every_token_of_this_sign_in_and_no_other(start: Start) -> None:
    pods = [await start(), await start()]
    ann = await register(pods[0], "ann@example.com")
    renewed = (await ann.call("POST", "/auth/refresh")).json()["access_token"]
    elsewhere = (await log_in(pods[0], ann.email)).json()["access_token"]
    assert (await ann.call("POST", "/auth/logout")).status_code == 204
    for pod in pods:
        assert (await me(pod, ann.token)).status_code == 401
        assert (await me(pod, renewed)).status_code == 401
        assert (await me(pod, elsewhere)).status_code == 200
    assert (await ann.call("POST", "/auth/refresh")).status_code == 401


async def test_tokens_that_are_not_ours_are_refused(client: httpx.AsyncClient) -> None:
    ann = await register(client, "ann@example.com")
    bob = await register(client, "bob@example.com")
    genuine = jwt.decode(ann.token, options={"verify_signature": False})
    head, payload, signature = ann.token.split(".")
    unsigned = base64.urlsafe_b64encode(json.dumps({"alg": "none"}).encode()).decode().rstrip("=")
    past = datetime.now(UTC) - timedelta(seconds=1)

    def signed(secret: str = SECRET, algorithm: str = "HS256", **changes: object) -> str:
        claims = {key: value for key, value in (genuine | changes).items() if value is not None}
        return jwt.encode(claims, secret, algorithm=algorithm)

    forged = {
        "empty": "",
        "no token": "abc",
        "alg none": f"{unsigned}.{payload}.",
        "alg none, old signature": f"{unsigned}.{payload}.{signature}",
        "another secret": signed("another secret that is long enough too"),
        "another algorithm": signed(SECRET, "HS512"),
        "expired": signed(exp=past),
        "no end": signed(exp=None),
        "no sign-in": signed(sid=None),
        "unknown sign-in": signed(sid="00000000-0000-0000-0000-000000000000"),
        "sign-in of another kind": signed(sid=7),
        "sign-in with a NUL": signed(sid="\x00"),
        "another's sign-in": signed(sub=bob.user_id),
        "no user": signed(sub=None),
        "bypass": f"{head}.{payload}.bypass-signature",
    }
    for name, token in forged.items():
        assert (await me(client, token)).status_code == 401, name
    assert (await me(client, signed())).status_code == 200, "the forgery itself is sound"
    for scheme in ("Basic", "bearer2", ""):
        reply = await client.get("/auth/me", headers={"Authorization": f"{scheme} {ann.token}"})
        assert reply.status_code == 401, scheme


async def test_a_deleted_users_token_is_worth_nothing(
    client: httpx.AsyncClient, database_url: str
) -> None:
    ann: Person = await register(client, "ann@example.com")
    await ann.call("POST", "/tasks/", {"title": "left behind"})
    with psycopg.connect(database_url) as connection:
        connection.execute("DELETE FROM users")
        assert connection.execute("SELECT count(*) FROM tasks").fetchone() == (0,)
    assert (await ann.call("GET", "/tasks/")).status_code == 401
