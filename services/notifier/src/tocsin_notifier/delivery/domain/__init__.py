"""What delivery shows, and how: pure functions of alerts, for feeds, pages and the command."""
