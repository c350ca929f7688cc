"""The pure core: what a text says, and how that is shared out over places."""
