"""Long work: a row in the database, claimed with a lease, fenced by an epoch."""
