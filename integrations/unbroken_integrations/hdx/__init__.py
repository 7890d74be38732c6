"""HDX: who is present and who is in need, as OCHA's data exchange and country sheets state it."""
