"""Figures for Prometheus. The front end does not forward this address."""

from fastapi import APIRouter, Response

from app import metrics

router = APIRouter(tags=["health"])


@router.get(
    "/metrics",
    response_class=Response,
    responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}},
)
async def show_metrics() -> Response:
    """In Prometheus's text format."""
    return Response(metrics.exposition(), media_type=metrics.CONTENT_TYPE)
