"""Sets of words, written as people read them."""


def word_set(words: str) -> frozenset[str]:
    return frozenset(words.split())
