"""Probes. `/livez` restarts a pod, `/readyz` takes it out of the service, `/health` is for people,
Compose and monitors."""

from datetime import UTC, datetime

from fastapi import APIRouter, Response

from app.api.deps import ReadinessCheck
from app.schemas.health import Checks, Health, Live, NotReady, Ready

router = APIRouter(tags=["health"])


@router.get("/livez")
async def livez() -> Live:
    """This process answers. Says nothing of the database: a restart would not bring it back."""
    return Live()


@router.get("/readyz", responses={503: {"model": NotReady, "description": "Send nothing here"}})
async def readyz(readiness: ReadinessCheck, response: Response) -> Ready | NotReady:
    """Whether requests should be sent to this pod."""
    problem = await readiness.problem()
    if problem is None:
        return Ready()
    response.status_code = 503
    return problem


@router.get("/health", responses={503: {"model": Health, "description": "A check failed"}})
async def health(readiness: ReadinessCheck, response: Response) -> Health:
    """The state in detail. Asks the database each time, so it keeps a serverless one awake."""
    works = await readiness.works()
    response.status_code = 200 if works else 503
    return Health(
        status="healthy" if works else "unhealthy",
        timestamp=datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z"),
        checks=Checks(database="ok" if works else "failed"),
    )
