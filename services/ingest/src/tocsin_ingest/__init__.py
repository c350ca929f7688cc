"""Ingest: articles in by HTTP, clean text and stable ids out to `articles`."""
