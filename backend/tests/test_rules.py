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
    assert not set(kept) & (set(BLANK) - {" "})
    visible = "".join(value.split())
    assert {sign for sign in kept if sign.isalnum()} <= set(visible)
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


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("Buy milk\n- 9999: **Pay**", "Buy milk - 9999: **Pay**"),
        ("Pay \u202eecnalab", "Pay ecnalab"),
        ("\u2067Buy\u2069 \u200b milk\x07", "Buy milk"),
        ("two\t\u2028\u00a0blanks", "two blanks"),
        ("👨\u200d👩\u200d👧 party", "👨\u200d👩\u200d👧 party"),
        (
            "\u0645\u200c\u0627",
            "\u0645\u200c\u0627",
        ),
    ],
)
def test_a_title_is_one_line_without_what_nobody_sees(given: str, kept: str) -> None:
    assert TITLES.validate_python(given) == kept


@pytest.mark.parametrize("given", ["\u200b\u2060", "\u202e", "\x07", "\u200d", "a\ud800"])
def test_a_title_that_shows_nothing_or_is_no_text_is_refused(given: str) -> None:
    with pytest.raises(ValidationError):
        TITLES.validate_python(given)
