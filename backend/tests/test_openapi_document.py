"""The committed document, from which the front end's types are made."""

from pathlib import Path

from app import openapi_document

COMMITTED = Path(__file__).parent.parent / "openapi.json"


def test_the_committed_document_is_what_the_application_says_of_itself() -> None:
    assert COMMITTED.read_text() == openapi_document.text(), (
        "Write it anew: python -m app.openapi_document > openapi.json, "
        "then in frontend/: npm run types"
    )
