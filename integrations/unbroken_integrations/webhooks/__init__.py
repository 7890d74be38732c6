"""Webhooks by Standard Webhooks: signed events to programs of others."""
