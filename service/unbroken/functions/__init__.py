"""The catalogue of child-protection functions: editions, and checking their files."""
