"""The assistant that needs no model: fixed rules for plain English, over the same tools.

It says what it is, and in doubt it asks and writes nothing. `sentence` prepares what was said,
`rules` says what is meant, `reference` which task, `dates` when; `brain` does it and `answers`
puts it in words.
"""

from app.assistant.offline.brain import OfflineBrain
from app.settings import Settings


def make_brain(_: Settings) -> OfflineBrain:
    return OfflineBrain()
