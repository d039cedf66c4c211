"""Hostile links, from a seed: every screen's good links, damaged in all the ways that a link gets damaged."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

from ui import arrival
from ui import links as live
from ui.article import links as article
from ui.article.claims import CLAIMS
from ui.comparison import links as comparison
from ui.comparison.presets import PRESETS
from ui.comparison.setup import Setup, Variant
from ui.experiment import experiment_from
from ui.explorers import links as explorers
from ui.explorers.by_hand.setup import SCREEN as BY_HAND
from ui.explorers.flow.setup import SCREEN as FLOW
from ui.explorers.saturation.setup import SCREEN as SATURATION
from ui.explorers.screen import Screen
from ui.runs import LiveRun
from ui.settings import DEFAULTS
from ui.talk import links as talk
from ui.talk.scene import Scene, Talk

Parts = Mapping[str, str]
# What gets typed, pasted and sent where a value should be.
EVIL = (
    "", " ", "0", "-0", "-1", "1.5", "1e3", "1_000", "+1", "0x10", "１２", "٣", "²", "nan", "NaN", "inf", "-Infinity",
    "1e309", "1e-400", "9" * 11, "9" * 1900, "4294967296", "true", "None", "[]", "{}", "null", "1;2", "1,2", ",", ";;",
    "<b>bold</b>", "<img src=x onerror=alert(1)>", "<script>alert(1)</script>", "javascript:alert(1)",
    "\x00", "a\x00b", "\r\nSet-Cookie: a=b", "\x1b[31m", "\x1f", "\x85", "\xa0", "\u200b", "\u2028", "\u202egnp.exe",
    "\ufffd", "é" * 40, "🦆", "../../etc/passwd", "__import__('os').system('id')", "${7*7}", "{{7*7}}", "%s%n",
    "'; DROP TABLE runs; --", "`id`", "[a](https://evil.example)", "https://evil.example", "www.evil.example",
    "a@evil.example", "&lt;b&gt;", ":skull:", "**b**", "$x^2$", ":red[x]",
    "x" * 100_000, "relu\n", "999*relu," * 200, "1:0.1,1:0.2",
)  # fmt: skip


@dataclass(frozen=True)
class Linked:
    """A screen that an address leads to.

    Attributes
    ----------
    page, title : str
        Its file, and what stands above it.
    good : tuple of str
        Queries that it restores.
    read, again : callable
        Of its links: parts → all that they say, defaults too; that → the query that says the same.
    """

    page: str
    title: str
    good: tuple[str, ...]
    read: Callable[[Parts], Any]
    again: Callable[[Any], str | None]


def _live_read(parts: Parts) -> live.Link:
    link = live.read(parts)
    return replace(link, values={**DEFAULTS, **link.values})


def _live_again(link: live.Link) -> str | None:
    run = LiveRun(experiment_from(link.values))
    run.changes = list(link.changes)
    query = live.write(link.values, run, 0 if link.step is None else link.step)
    return query.removesuffix("&step=0") if query and link.step is None else query


def _explorer(page: str, title: str, screen: Screen, good: tuple[str, ...]) -> Linked:
    presets = (explorers.write(screen, {**screen.defaults, **values}) or "" for values in screen.presets.values())
    return Linked(
        page,
        title,
        (*presets, *good),
        lambda parts: {**screen.defaults, **explorers.read(screen, parts)},
        lambda values: explorers.write(screen, values),
    )


_COMPARED = Setup((Variant("he_normal", 1.5, "relu", 3, "adam", 0.01), Variant("zeros", depth=2)), width=9, seeds=2)
SCREENS = (
    Linked("app.py", "Why does a deep network stop learning?", ("v=1", "v=1&depth=5&step=3"), arrival.no_settings, str),
    Linked(
        "pages/live_training.py",
        "Live training",
        (
            "v=1&depth=3&width=9&activation=tanh&step=7",
            "v=1&data=moons&rate=0.05&rates=2:0.5,5:0.001&step=8&normalization=layer&residual=1&noise=0.25",
            "v=1&depth=3&activations=2*relu,tanh&initializers=he_normal,3*orthogonal&precision=float32&seed=4294967295",
            "v=1&optimizer=adam&rate=0.001&gain=1.3&batch=17&clip=0.1&depth=2",
            "v=1&momentum=0.9&nesterov=1&decay=0.0001&depth=2&step=3",
        ),
        _live_read,
        _live_again,
    ),
    Linked(
        "pages/compare_initializers.py",
        "Compare initializers",
        (
            *(comparison.write(preset) or "" for preset in PRESETS.values()),
            comparison.write(_COMPARED, 5) or "",
            "v=1&width=5&seeds=1&data=moons&noise=0.5&batch=8&normalization=batch&target=0.3&alternating=1&seed=77",
        ),
        comparison.read,
        lambda link: comparison.write(link.setup, link.step),
    ),
    _explorer("pages/saturation.py", "Saturation", SATURATION, ("v=1&depth=7&mean=-2.5&std=3&source=normal&sample=9",)),
    _explorer("pages/gradient_flow.py", "Gradient flow", FLOW, ("v=1&depth=5&gain=0.7&width=20&clip=0.5&residual=1",)),
    _explorer("pages/backprop_by_hand.py", "Backprop by hand", BY_HAND, ("v=1&seed=3&w=&units=3&x=1,-0.5&rate=2",)),
    Linked(
        "pages/the_article_tested.py",
        "The article, tested",
        tuple(article.write(name) for name in CLAIMS),
        article.read,
        article.write,
    ),
    Linked(
        "pages/talk.py",
        "Talk",
        (
            "v=1&scene=7",
            "v=1&scene=12&present=1",
            talk.write(talk.Link(Talk("Two", (Scene("home"), Scene("saturation", "v=1&depth=7", "Why?"))), 2)) or "",
        ),
        talk.read,
        talk.write,
    ),
)


def parts_of(query: str) -> dict[str, str]:
    """Return what Streamlit makes of a query: of a name that is there twice, the last."""
    return dict(parse_qsl(query, keep_blank_values=True, errors="replace"))


def hostile(screen: Linked, count: int, seed: int = 0) -> Iterator[str]:
    """Yield `count` queries for a screen: percent-encoded, most of them wrong."""
    rng = random.Random(f"{screen.page}.{seed}")
    ways = (_evil, _evil, _evil, _bytes, _bytes, _cut, _doubled, _unknown, _version, _swapped, _grown, _other_screen)
    for _ in range(count):
        query = rng.choice(screen.good)
        for _ in range(rng.choice((1, 1, 1, 2, 4))):
            query = rng.choice(ways)(rng, query)
        yield query


def _evil(rng: random.Random, query: str) -> str:
    pairs = list(parts_of(query).items()) or [("v", "1")]
    at = rng.randrange(len(pairs))
    pairs[at] = (pairs[at][0], rng.choice(EVIL))
    return urlencode(pairs)


def _bytes(rng: random.Random, query: str) -> str:
    """Damage the encoded text itself: percent signs without their digits and half characters come of it."""
    found = bytearray(query[:3000].encode())
    for _ in range(rng.randint(1, 4)):
        at = rng.randrange(len(found) + 1)
        found[at : at + rng.randint(0, 1)] = bytes([rng.randrange(33, 127)]) * rng.randint(0, 1)
    text = found.decode(errors="replace").replace("#", "%23")
    return text if rng.random() < 0.8 else f"{text}%{rng.choice(('', 'F', 'ff', 'C3', 'zz', '00', 'E2%80'))}"


def _cut(rng: random.Random, query: str) -> str:
    return query[: rng.randrange(len(query) + 1)]


def _doubled(rng: random.Random, query: str) -> str:
    parts = query.split("&")
    return "&".join([*parts, rng.choice(parts), f"v={rng.choice(('1', '2', ''))}"])


def _unknown(rng: random.Random, query: str) -> str:
    name = rng.choice(("", "x", "utm_source", "__proto__", "embedded", "slot", "kept.width", *EVIL[:60]))
    return f"{query}&{quote(name)}={quote(rng.choice(EVIL)[:50])}"


def _version(rng: random.Random, query: str) -> str:
    return query.replace("v=1", f"v={quote(rng.choice(('2', '01', '1.0', '１', '', '-1', '9' * 50, '<1>')))}")


def _swapped(rng: random.Random, query: str) -> str:
    """Give each value to another's name."""
    names, values = list(parts_of(query)), list(parts_of(query).values())
    rng.shuffle(values)
    return urlencode(dict(zip(names, values, strict=True)))


def _grown(rng: random.Random, query: str) -> str:
    """Write a number, if there is one, as an absurd one."""
    pairs = list(parts_of(query).items()) or [("v", "1")]
    at = rng.randrange(len(pairs))
    name, text = pairs[at]
    pairs[at] = (
        name,
        "".join(rng.choice("0123456789.e-") if one.isdigit() else one for one in text) * rng.randint(1, 3),
    )
    return urlencode(pairs)


def _other_screen(rng: random.Random, query: str) -> str:
    return rng.choice(rng.choice(SCREENS).good)
