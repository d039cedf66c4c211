"""Talks as files: what is written comes back, and whatever else is loaded is refused in words."""

import json
import random

import pytest

from ui.talk import files
from ui.talk.built_in import BUILT_IN
from ui.talk.scene import LONGEST, MAX_SCENES, MAX_TITLE, Scene, Talk

SCENE = {"screen": "live_training", "settings": "v=1&depth=5"}


def talk(*scenes, **parts):
    return {"gradcore talk": 1, "title": "t", "scenes": list(scenes or (SCENE,)), **parts}


def test_a_talk_comes_back_as_it_was():
    for indent in (None, 1):
        assert files.read(files.write(BUILT_IN, indent).encode()) == BUILT_IN
    words = {name: "ü" * count for name, count in LONGEST.items() if name not in ("screen", "settings")}
    largest = Talk("T" * MAX_TITLE, (Scene("saturation", "v=1&depth=7", **words),) * MAX_SCENES)
    raw = files.write(largest).encode()
    assert len(raw) < files.MAX_BYTES
    assert files.read(raw) == largest
    assert files.read(b"\xef\xbb\xbf" + raw) == largest  # as some editors save it


def test_what_is_left_out_is_empty():
    assert files.read(json.dumps(talk({"screen": "home"})).encode()) == Talk("t", (Scene("home"),))


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        ([], "the file must be an object"),
        ({}, "the file lacks gradcore talk, scenes, title"),
        (talk(**{"gradcore talk": 2}), "must be 1: another version"),
        (talk(**{"gradcore talk": True}), "must be 1: another version"),
        (talk(extra=1), "'extra' is not known"),
        (talk(title=3), "title must be text, got int"),
        (talk(title="x" * 121), "title must be at most 120 characters, got 121"),
        (talk(scenes="x"), "scenes must be a list"),
        (talk(scenes=[]), "at least one scene"),
        (talk(*[SCENE] * 41), "at most 40 scenes, got 41"),
        (talk([]), "scene 1: it must be an object"),
        (talk(SCENE, {}), "scene 2: it lacks screen"),
        (talk({"screen": "../app"}), "scene 1: screen must be one of home, live_training"),
        (talk({"screen": ["home"]}), "scene 1: screen must be text, got list"),
        (talk({**SCENE, "colour": "red"}), "scene 1: 'colour' is not known"),
        (talk({**SCENE, "note": 5}), "scene 1: note must be text"),
        (talk({**SCENE, "note": "x" * 2001}), "scene 1: note must be at most 2,000 characters"),
        (talk({**SCENE, "headline": "a\nb"}), "headline holds a character that can't be shown"),
        (talk({**SCENE, "note": "a\x00"}), "note holds a character that can't be shown"),
        (talk({**SCENE, "answer": "\u202e"}), "answer holds a character that can't be shown"),
        (talk({**SCENE, "settings": "depth"}), "settings are no link's query"),
        (talk({**SCENE, "settings": "v=1&depth=5&depth=6"}), "settings name something twice"),
        (talk({**SCENE, "settings": "v=1&depth=1e9"}), "scene 1: settings: depth: must be a whole number"),
        (talk({**SCENE, "settings": "v=1&depth=101"}), "scene 1: settings: Hidden layers must be"),
        (talk({**SCENE, "settings": "v=2"}), "version v must be 1"),
        (talk({"screen": "home", "settings": "v=1&depth=5"}), "home has no settings"),
        (talk({"screen": "the_article_tested", "settings": "v=1"}), "names no claim"),
    ],
)
def test_what_makes_no_talk_is_refused_in_words(parts, message):
    with pytest.raises(ValueError, match=message.replace("(", "\\(")):
        files.read(json.dumps(parts).encode())


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"", "no JSON: line 1, column 1"),
        (b"PK\x03\x04", "no JSON"),
        (b"\xff\xfe{\x00}\x00", "no text in UTF-8"),
        (b'{"gradcore talk": NaN}', "NaN is no JSON number"),
        (b'{"title": "a", "title": "b"}', "'title' is there twice"),
        (b"[" * 100_000, "nested too deep"),
        (b" " * 500_001, "at most 500,000 bytes"),
        (b'{"gradcore talk": 1' + b"0" * 5000 + b"}", "a number of 5,001 digits"),
    ],
)
def test_what_is_no_json_is_refused_in_words(raw, message):
    with pytest.raises(ValueError, match=message):
        files.read(raw)


def refusal_of(raw):
    """Return the words in which a file is refused; None if it is read."""
    try:
        found = files.read(raw)
    except ValueError as refusal:
        return str(refusal)
    assert files.read(files.write(found).encode()) == found
    return None


def test_a_damaged_file_is_read_whole_or_refused_in_words():
    rng, good, refused = random.Random(0), files.write(BUILT_IN).encode(), 0
    for _ in range(400):
        raw = bytearray(good)
        for _ in range(rng.randint(1, 3)):
            at = rng.randrange(len(raw))
            raw[at : at + rng.choice((0, 1, 40))] = bytes(rng.randrange(256) for _ in range(rng.randint(0, 2)))
        words = refusal_of(bytes(raw))
        if words is not None:
            refused += 1
            assert 10 < len(words) < 700
            assert words.isprintable()
    assert 100 < refused < 400
