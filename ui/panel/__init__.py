"""The panel: Plotly figures that stay in place and are fed with arrays, a player and an explorer; it knows no chart."""
