"""Password hashing that cannot exhaust a pod.

argon2id takes 64 MiB and some tenths of a second of CPU a hash (RFC 9106's second recommendation,
which argon2-cffi's defaults are, but with one lane). A hash of four lanes runs in four threads: on
a node of many processors these use up a pod's half a CPU in an eighth of the time that it is for,
and the thread that answers requests stands still for the rest. For the same reason one hash is made
at a time; further ones queue, and give up politely after two seconds.
"""

import asyncio
import base64
import os
import secrets
import sys
import threading
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import TypeVar

import argon2
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from app.errors import Busy
from app.security.adopted_passwords import Bcrypt, BetterAuthScrypt

QUEUE_SECONDS = 2.0
_LANES = 1

Result = TypeVar("Result")


def _made_up_hash() -> str:
    """Costs as much to compare with as a real one, but no password was ever behind it."""
    salt, digest = (
        base64.b64encode(secrets.token_bytes(length)).decode().rstrip("=")
        for length in (argon2.DEFAULT_RANDOM_SALT_LENGTH, argon2.DEFAULT_HASH_LENGTH)
    )
    memory, time = argon2.DEFAULT_MEMORY_COST, argon2.DEFAULT_TIME_COST
    return f"$argon2id$v=19$m={memory},t={time},p={_LANES}${salt}${digest}"


_NOBODY = _made_up_hash()
_HASHERS = (Argon2Hasher(parallelism=_LANES), Bcrypt(), BetterAuthScrypt())


def is_known(hashed: str | None) -> bool:
    """Whether a password can be compared with this. An adopted account may have another kind of
    hash, or none."""
    return hashed is not None and any(hasher.identify(hashed) for hasher in _HASHERS)


def is_current(hashed: str) -> bool:
    """Whether this is how a new password would be kept."""
    return Argon2Hasher.identify(hashed) and not _HASHERS[0].check_needs_rehash(hashed)


def _step_back() -> None:
    """Lets the thread that answers requests go first, or each of these takes the half a CPU away
    from it for tenths of a second. Linux alone gives threads a priority of their own."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 19)


class PasswordHasher:
    """One per process; its threads do nothing but hash."""

    def __init__(self, at_once: int = 1, queue_seconds: float = QUEUE_SECONDS) -> None:
        self._hash = PasswordHash(_HASHERS)
        self._threads = ThreadPoolExecutor(
            at_once, thread_name_prefix="argon2", initializer=_step_back
        )
        self._slots = asyncio.Semaphore(at_once)
        # Of registrations, which anybody can send, one at a time is made or waits for a slot, so
        # that those who sign in come next.
        self._newcomers = asyncio.Semaphore(1)
        self._queue_seconds = queue_seconds

    async def hash(self, password: str) -> str:
        """Raises Busy when no thread came free in time."""
        return await self._run(lambda: self._hash.hash(password))

    async def hash_of_newcomer(self, password: str) -> str:
        """As `hash`, for an account that is not there yet: one of these at a time."""
        async with self._in_time(self._newcomers):
            return await self.hash(password)

    async def verify(self, password: str, hashed: str | None) -> bool:
        """Whether the password fits; `None`, or a hash that is not known, stands for no account
        and takes the same time.

        Raises Busy when no thread came free in time.
        """
        against = hashed if hashed is not None and is_known(hashed) else _NOBODY
        fits = await self._run(lambda: self._hash.verify(password, against))
        return fits and against is hashed

    async def _run(self, work: Callable[[], Result]) -> Result:
        await self._acquire(self._slots)
        future = asyncio.get_running_loop().run_in_executor(self._threads, work)
        # The slot is free when the thread is, even if the caller has gone away meanwhile.
        future.add_done_callback(lambda _: self._slots.release())
        return await asyncio.shield(future)

    @asynccontextmanager
    async def _in_time(self, slots: asyncio.Semaphore) -> AsyncIterator[None]:
        await self._acquire(slots)
        try:
            yield
        finally:
            slots.release()

    async def _acquire(self, slots: asyncio.Semaphore) -> None:
        try:
            await asyncio.wait_for(slots.acquire(), self._queue_seconds)
        except TimeoutError:
            raise Busy(retry_after=2) from None

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)
