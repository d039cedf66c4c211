"""The screen's two halves: the list of claims, and the claim that is open."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from ui.article.claim_list import claim_list
from ui.article.tested import claim_tested

STYLE = Path(__file__).parent / "article.css"


def article_screen() -> None:
    """Draw both halves."""
    st.html(STYLE)
    left, right = st.columns([5, 14], gap="medium")
    # The claim first: the list beside it then knows what was just tried.
    with right:
        claim_tested()
    with left:
        claim_list()
