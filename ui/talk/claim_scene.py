"""A claim of the article as a scene: said, guessed by a show of hands, then run."""

from __future__ import annotations

import streamlit as st

from ui import state, theme
from ui.article.claim import VERDICTS
from ui.article.claims import CLAIMS
from ui.article.running import run


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
    st.plotly_chart(theme.enlarged(result.card.figure), key=f"{slot}.figure", alt=result.card.sentence)
    st.markdown(f"{VERDICTS[claim.verdict]}. {claim.holds}")
