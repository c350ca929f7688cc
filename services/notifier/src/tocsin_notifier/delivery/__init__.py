"""The delivery: reads the typed alerts like any subscriber, and serves them."""
