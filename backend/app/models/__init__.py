"""The tables. Importing this package makes all of them known to the metadata."""

from app.models.access_token import AccessToken
from app.models.conversation import Conversation, Message, MessageStatus, Role
from app.models.deleted_task import DeletedTask
from app.models.login_throttle import LoginThrottle
from app.models.rate_limit import RateLimit
from app.models.sign_in import SignIn
from app.models.task import Priority, Task
from app.models.turn import ChatUsage, Confirmation, ToolEffect, Turn, TurnState
from app.models.user import User

__all__ = [
    "AccessToken",
    "ChatUsage",
    "Confirmation",
    "Conversation",
    "DeletedTask",
    "LoginThrottle",
    "Message",
    "MessageStatus",
    "Priority",
    "RateLimit",
    "Role",
    "SignIn",
    "Task",
    "ToolEffect",
    "Turn",
    "TurnState",
    "User",
]
