"""The assistant that needs no model: fixed rules for plain English, over the same tools.

It says what it is, and in doubt it asks and writes nothing. `sentence` prepares what was said,
`rules` says what is meant, `reference` which task, `when` at what time; `acting` does it and
`answers`
puts it in words.
"""

from app.assistant.offline.assistant import OfflineAssistant
from app.settings import Settings


def make_assistant(_: Settings) -> OfflineAssistant:
    return OfflineAssistant()
