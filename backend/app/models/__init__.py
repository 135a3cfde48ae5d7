"""The tables. Importing this package makes all of them known to the metadata."""

from app.models.login_throttle import LoginThrottle
from app.models.session import Session
from app.models.task import Priority, Task
from app.models.user import User

__all__ = ["LoginThrottle", "Priority", "Session", "Task", "User"]
