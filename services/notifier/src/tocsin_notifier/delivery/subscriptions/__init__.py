"""Subscriptions: who is to be told, what of the log each has still to be told, and when."""
