"""`python -m app.openapi_document > openapi.json`: what the HTTP API takes and answers.

The front end's types are made from that file, so that both say the same.
"""

import json
import sys

from app import settings
from app.application import create_app


def text() -> str:
    """The document, in the same order each time. Needs neither a database nor an environment."""
    configuration = settings.Settings.model_validate(
        {"database_url": "postgresql://localhost/none", "jwt_secret": "x" * 32}
    )
    return json.dumps(create_app(configuration).openapi(), indent=1, sort_keys=True) + "\n"


if __name__ == "__main__":
    sys.stdout.write(text())
