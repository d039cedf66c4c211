"""Records in, Plotly figures out: one file a topic, and never a call to Streamlit."""
