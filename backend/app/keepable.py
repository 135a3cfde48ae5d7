"""Text that PostgreSQL can keep: any that UTF-8 can write, without the character NUL.

Python's and JSON's strings can hold more than that: halves of surrogate pairs, which no encoding
has. People are told so (app.schemas.text); what a language model wrote is kept without them.
"""

import math
import re
from typing import Any

UNKEEPABLE = re.compile("[\x00\ud800-\udfff]")
REPLACEMENT = "\ufffd"


def made_keepable(value: Any) -> Any:  # noqa: ANN401 - any value that JSON can hold
    """The same JSON value with U+FFFD for each character that cannot be kept, and null for numbers
    that JSON has not (NaN, infinity), as JavaScript writes them."""
    match value:
        case str():
            return UNKEEPABLE.sub(REPLACEMENT, value)
        case float() if not math.isfinite(value):
            return None
        case dict():
            return {made_keepable(name): made_keepable(item) for name, item in value.items()}
        case list():
            return [made_keepable(item) for item in value]
    return value
