"""Rules that find what is wrong, and the gaps they open."""
