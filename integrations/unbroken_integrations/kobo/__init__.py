"""KoboToolbox: submissions of a phone form, read by its API v2."""
