"""Links that open a claim: what is written is read, anything else is refused in words."""

from urllib.parse import parse_qsl

import pytest

from ui.article import links
from ui.article.claims import CLAIMS


@pytest.mark.parametrize("name", CLAIMS)
def test_what_is_written_is_read(name):
    assert links.read(dict(parse_qsl(links.write(name)))) == name


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ({"v": "1", "claim": "flat_earth"}, "claim: must be one of bias, "),
        ({"v": "1", "claim": ""}, "claim: must be one of"),
        ({"v": "2", "claim": "bias"}, "its version v must be 1, got '2'"),
        ({"claim": "bias"}, "its version v must be 1, got 'none'"),
        ({"v": "1"}, "it names no claim"),
        ({"v": "1", "claim": "bias", "seed": "3"}, "'seed' is no setting of this screen"),
        ({"v": "1", "claim": "b" * 3000}, "longer than 2,000 characters"),
    ],
)
def test_anything_else_is_refused(parts, words):
    with pytest.raises(ValueError, match=r".+") as refusal:
        links.read(parts)
    assert words in str(refusal.value)
