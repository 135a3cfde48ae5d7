"""Where this process is in its life, for those who decide whether to send it requests."""

from dataclasses import dataclass


@dataclass
class Lifecycle:
    """Shared by the server, which sets it, and the readiness check, which reads it."""

    draining: bool = False
    """Asked to stop: requests are still answered, but no new ones are wanted."""
