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
from dataclasses import dataclass
from typing import TypeVar

import argon2
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from app.errors import Busy
from app.security.adopted_passwords import Bcrypt, BetterAuthScrypt

QUEUE_SECONDS = 2.0
_LANES = 1

Result = TypeVar("Result")


@dataclass(frozen=True)
class Cost:
    """Of a hash, to whoever makes one and to whoever guesses."""

    kibibytes: int = argon2.DEFAULT_MEMORY_COST
    passes: int = argon2.DEFAULT_TIME_COST

    def hasher(self) -> Argon2Hasher:
        return Argon2Hasher(self.passes, self.kibibytes, _LANES)

    def of_nobody(self) -> str:
        """Costs as much to compare with as a real one, but no password was ever behind it."""
        salt, digest = (
            base64.b64encode(secrets.token_bytes(length)).decode().rstrip("=")
            for length in (argon2.DEFAULT_RANDOM_SALT_LENGTH, argon2.DEFAULT_HASH_LENGTH)
        )
        return f"$argon2id$v=19$m={self.kibibytes},t={self.passes},p={_LANES}${salt}${digest}"


USUAL = Cost()
_ADOPTED = (Bcrypt(), BetterAuthScrypt())


def is_known(hashed: str | None) -> bool:
    """Whether a password can be compared with this. An adopted account may have another kind of
    hash, or none."""
    return hashed is not None and any(
        hasher.identify(hashed) for hasher in (Argon2Hasher, *_ADOPTED)
    )


def _step_back() -> None:
    """Lets the thread that answers requests go first, or each of these takes the half a CPU away
    from it for tenths of a second. Linux alone gives threads a priority of their own."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 19)


class PasswordHasher:
    """One per process; its threads do nothing but hash."""

    def __init__(self, at_once: int = 1, cost: Cost = USUAL) -> None:
        self._argon2 = cost.hasher()
        self._nobody = cost.of_nobody()
        self._hash = PasswordHash((self._argon2, *_ADOPTED))
        self._threads = ThreadPoolExecutor(
            at_once, thread_name_prefix="argon2", initializer=_step_back
        )
        self._slots = asyncio.Semaphore(at_once)
        # Of registrations, which anybody can send, one at a time is made or waits for a slot, so
        # that those who sign in come next.
        self._newcomers = asyncio.Semaphore(1)

    def is_current(self, hashed: str) -> bool:
        """Whether this is how a new password would be kept."""
        return self._argon2.identify(hashed) and not self._argon2.check_needs_rehash(hashed)

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
        against = hashed if hashed is not None and is_known(hashed) else self._nobody
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
            await asyncio.wait_for(slots.acquire(), QUEUE_SECONDS)
        except TimeoutError:
            raise Busy(retry_after=2) from None

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)
