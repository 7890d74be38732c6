"""ODK Central: submissions of a phone form, read by its OData service."""
