"""IATI: what donors and implementers publish of their activities, read from their own files."""
