"""What an article is and which revision it has: pure functions of what was given."""
