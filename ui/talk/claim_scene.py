"""A claim of the article as a scene: said, guessed by a show of hands, then run."""

from __future__ import annotations

import streamlit as st

from ui import state
from ui.article.claim import VERDICTS
from ui.article.claims import CLAIMS
from ui.article.running import run
from ui.panel.still import still


def claim_scene(slot: str, name: str) -> None:
    """Draw the claim and its choices, and its experiment once it was asked for."""
    claim, asked = CLAIMS[name], f"{slot}.asked"
    st.markdown(claim.says)
    st.markdown(f"**{claim.question}**\n" + "\n".join(f"- {option}" for option in claim.options))
    if not state.get(asked):
        st.button("Run it", type="primary", icon=":material/science:", on_click=state.put, args=(asked, True))
        return
    with st.spinner("Running the networks …"):
        result = run(name, 0)
    st.markdown(f"**{claim.options[result.outcome]}.** {result.headline}")
    still(result.card.figure, result.card.sentence, f"{slot}.figure")
    st.markdown(f"{VERDICTS[claim.verdict]}. {claim.holds}")
