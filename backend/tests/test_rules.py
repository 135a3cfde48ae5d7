"""Rules with edges, tried with whatever text there is."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from app.schemas.text import BLANK, NAME, TITLE, Title, TrimmedLine
from app.services.tasks import words

TITLES: TypeAdapter[str] = TypeAdapter(Title)
BLANKS = st.text(st.sampled_from(BLANK), max_size=4)
# Around the limit, of everything that a text can be made of.
TEXT = st.one_of(
    st.text(max_size=5),
    st.builds(lambda a, text, b: a + text + b, BLANKS, st.text(max_size=3), BLANKS),
    st.builds(lambda a, length, b: a + "x" * length + b, BLANKS, st.integers(195, 205), BLANKS),
    st.text(st.sampled_from(BLANK + "\x00a"), max_size=6),
)


def accepts(line: TrimmedLine, value: str) -> bool:
    try:
        line.check(value)
    except ValueError:
        return False
    return True


@settings(max_examples=100, deadline=None)
@given(TEXT)
def test_the_schema_accepts_what_the_check_accepts(value: str) -> None:
    for line in (TITLE, NAME):
        assert (re.search(line.pattern, value) is not None) == accepts(line, value)


@settings(max_examples=100, deadline=None)
@given(TEXT)
def test_a_title_is_kept_trimmed_and_trimming_twice_changes_nothing(value: str) -> None:
    try:
        kept = TITLES.validate_python(value)
    except ValidationError:
        return
    assert 1 <= len(kept) <= 200
    assert kept == kept.strip()
    assert kept in value
    assert TITLES.validate_python(kept) == kept


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=30))
def test_searching_for_words_loses_no_character_but_blanks(text: str) -> None:
    found = words(text)
    assert all(word and not set(word) & set(BLANK) for word in found)
    assert {c for word in found for c in word} == set(text) - set(BLANK)
    assert len(found) == len(set(found))


@pytest.mark.parametrize("blank", list(BLANK))
def test_every_blank_is_trimmed_and_none_is_a_title(blank: str) -> None:
    assert TITLES.validate_python(f"{blank}a{blank}") == "a"
    with pytest.raises(ValidationError):
        TITLES.validate_python(blank)
