"""Users for the tests to be."""

from dataclasses import dataclass
from uuid import uuid4

import httpx

PASSWORD = "correct horse battery"


@dataclass(frozen=True)
class Person:
    """A signed-in user and the client they use."""

    client: httpx.AsyncClient
    email: str
    user_id: str
    token: str

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    async def call(
        self, method: str, path: str, json: object = None, **params: str
    ) -> httpx.Response:
        """One request as this user; `{me}` in the path stands for their id."""
        return await self.client.request(
            method,
            path.replace("{me}", self.user_id),
            headers=self.headers,
            json=json,
            params=params,
        )


async def register(client: httpx.AsyncClient, email: str | None = None) -> Person:
    email = email or f"{uuid4().hex[:8]}@example.com"
    reply = await client.post("/auth/register", json={"email": email, "password": PASSWORD})
    assert reply.status_code == 201, reply.text
    return Person(client, email, reply.json()["user_id"], reply.json()["access_token"])
