"""Webhooks: alerts as signed requests by Standard Webhooks."""
