"""Terms are explained where a screen uses them, in one sentence each."""

import re

import pytest

from ui import frame, glossary

SENTENCES = sorted(path.stem for path in (frame.HERE / "text").glob("*.md"))


def test_about_thirty_terms_have_one_sentence_each():
    assert 28 <= len(glossary.TERMS) <= 45
    for term, meaning in glossary.TERMS.items():
        assert meaning.endswith("."), term
        assert 20 < len(meaning) < 160, term


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("The gradient **vanishes** in a sigmoid's layer.", ["gradient", "vanishing", "sigmoid"]),
        ("He's initialization, and what she said of SGD", ["He", "initializer", "SGD"]),
        ("she sees the theory", []),
        ("δ of all layers", ["δ"]),
        ("", []),
    ],
)
def test_the_terms_of_a_text_are_found_in_its_order(text, terms):
    assert re.findall(r"^- \*\*(.+?)\*\*", glossary.explained(text), re.MULTILINE) == terms


@pytest.mark.parametrize("name", SENTENCES)
def test_every_screens_sentence_has_something_to_explain(name):
    assert glossary.explained(frame.text(name))


def test_all_terms_are_in_the_whole():
    assert glossary.whole().count("\n") == len(glossary.TERMS) - 1
