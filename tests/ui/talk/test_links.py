"""Links into talks: short, strict, and never larger than they look."""

import base64
import random
import zlib
from urllib.parse import parse_qsl

import pytest

from ui.settings import MAX_LINK
from ui.talk import files, links
from ui.talk.built_in import BUILT_IN
from ui.talk.links import Link
from ui.talk.scene import Scene, Talk

SMALL = Talk("Two", (Scene("home", "", "Grüße"), Scene("saturation", "v=1&depth=7", "b", "note\nmore", "q?", "a.")))


def parts(query):
    return dict(parse_qsl(query, keep_blank_values=True))


def packed(raw):
    return base64.urlsafe_b64encode(zlib.compress(raw)).decode().rstrip("=")


@pytest.mark.parametrize("link", [Link(), Link(None, 12, True), Link(SMALL, 2), Link(SMALL, 1, True)])
def test_a_link_says_the_same_again(link):
    query = links.write(link)
    assert len(query) <= MAX_LINK
    assert links.read(parts(query)) == link


def test_a_talk_too_long_has_no_link():
    rng = random.Random(0)
    notes = ["".join(rng.choices("abcdefghijklmnopqrstuvwxyz ", k=1500)) for _ in range(3)]
    assert links.write(Link(Talk("Long", tuple(Scene("home", note=note) for note in notes)))) is None


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ({}, "version v must be 1"),
        ({"v": "1", "scene": "0"}, "scene must be from 1 to 12, got 0"),
        ({"v": "1", "scene": "13"}, "scene must be from 1 to 12, got 13"),
        ({"v": "1", "scene": "x"}, "scene: must be a whole number"),
        ({"v": "1", "present": "yes"}, "present: must be"),
        ({"v": "1", "slide": "3"}, "'slide' is no setting"),
        ({"v": "1", "talk": ""}, "it was cut or changed"),
        ({"v": "1", "talk": "%%%"}, "it was cut or changed"),
        ({"v": "1", "talk": "AAAA"}, "it was cut or changed"),
        ({"v": "1", "talk": packed(b"{}")}, "talk: the file lacks"),
        ({"v": "1", "talk": packed(files.write(SMALL).encode()), "scene": "3"}, "from 1 to 2, got 3"),
        ({"v": "1", "talk": packed(files.write(SMALL).encode())[:-4]}, "it was cut or changed"),
        ({"v": "1", "talk": packed(b"{}") + "AAAA"}, "it was cut or changed"),
        # A thousand times as much as it looks.
        ({"v": "1", "talk": packed(b" " * 1_200_000)[:1900]}, "it was cut or changed"),
        ({"v": "1", "talk": "A" * 3000}, "longer than 2,000"),
    ],
)
def test_a_bad_link_is_refused_in_words(query, message):
    with pytest.raises(ValueError, match=message):
        links.read(query)


def test_a_bomb_is_never_unpacked(monkeypatch):
    seen = []
    monkeypatch.setattr(files, "read", lambda raw: seen.append(len(raw)))
    bomb = packed(b" " * 1_200_000)
    assert len(bomb) < MAX_LINK
    with pytest.raises(ValueError, match="cut or changed"):
        links.read({"v": "1", "talk": bomb})
    assert not seen


def test_there_are_about_twelve_scenes():
    assert len(BUILT_IN.scenes) == 12
