"""Feeds of alerts: Atom, and CAP for air-raid warnings."""
