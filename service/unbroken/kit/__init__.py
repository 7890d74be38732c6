"""Machinery that knows no feature: settings, clock, database, errors, logs, languages."""
