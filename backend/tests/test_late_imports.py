"""Modules that are imported while requests are served."""

import asyncio
from pathlib import Path

import pytest

from app.late_imports import import_later

pytestmark = pytest.mark.anyio

MODULE = """
import builtins, time
builtins.late_import_log.append("{name} begins")
time.sleep(0.2)
builtins.late_import_log.append("{name} ends")
"""


async def test_modules_that_import_each_other_are_never_half_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The MCP and the agents' SDK do: imported at once, now and then one of them failed."""
    log: list[str] = []
    monkeypatch.setattr("builtins.late_import_log", log, raising=False)
    monkeypatch.syspath_prepend(tmp_path)
    names = ["late_one", "late_two", "late_three"]
    for name in names:
        (tmp_path / f"{name}.py").write_text(MODULE.format(name=name))
    modules = await asyncio.gather(*map(import_later, names))
    assert [module.__name__ for module in modules] == names
    began = [line.split()[0] for line in log[::2]]
    assert log == [f"{name} {what}" for name in began for what in ("begins", "ends")]
