"""Sources that ingest asks by itself: feeds and their pages, folders, official sirens."""
