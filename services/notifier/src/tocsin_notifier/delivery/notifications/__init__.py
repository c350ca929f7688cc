"""Notifications: alerts as messages for people, through Apprise."""
