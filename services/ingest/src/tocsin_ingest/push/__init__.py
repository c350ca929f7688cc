"""Articles that callers hand over: HTTP in, checked and stored, every line answered."""
