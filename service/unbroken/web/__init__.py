"""The pages and the JSON API: two manners of the same commands and queries, without a rule."""
