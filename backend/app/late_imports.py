"""Imports what is too heavy to be imported before the first request is answered.

One module at a time: the SDKs' packages import each other in circles, and Python lets two threads
that enter such a circle at different places see modules that are only half there (`cannot import
name … from partially initialized module`).
"""

import asyncio
import importlib
import threading
from types import ModuleType

_one_at_a_time = threading.Lock()


def _import(name: str) -> ModuleType:
    with _one_at_a_time:
        return importlib.import_module(name)


async def import_later(name: str) -> ModuleType:
    """The module of this name, imported in a thread unless it is there already."""
    return await asyncio.to_thread(_import, name)
