"""The assistant that asks a language model, through the OpenAI Agents SDK.

Any server with OpenAI's API will do, in either of its two forms. `assistant` runs the agent,
`transcript` is what the model is shown, `failures` what a client is told when it goes wrong.
"""

from app.assistant.openai.assistant import OpenAIAssistant
from app.settings import Settings


def make_assistant(settings: Settings) -> OpenAIAssistant:
    return OpenAIAssistant(settings)
