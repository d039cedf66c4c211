"""Text that came from elsewhere, made so that Markdown shows it as it is and acts on nothing in it."""

from __future__ import annotations

import re

MARKUP = "\\`*_{}[]()#+-.!|<>~$:&"
# Markdown as Streamlit has it makes web and mail addresses links even where they are escaped: an invisible character
# goes in where one would be told by its : or @ or dot.
ADDRESS, JOINER = re.compile(r"(?=\\:/)|(?=@)|(?<=[a-zA-Z])(?=\\\.[^\s\\])"), "\u2060"


def plain(text: str) -> str:
    """Return `text` without anything that Markdown would act on."""
    escaped = "".join(f"\\{character}" if character in MARKUP else character for character in text)
    return ADDRESS.sub(JOINER, escaped)
