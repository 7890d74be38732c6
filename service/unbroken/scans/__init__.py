"""Scheduled runs of all rules, each with exactly one effect."""
