"""The record of who did what to what, when; chained by hash."""
