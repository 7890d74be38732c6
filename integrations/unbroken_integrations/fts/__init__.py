"""OCHA's Financial Tracking Service: what was asked for and what was received, by plan."""
