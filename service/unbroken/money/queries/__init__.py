"""What money says: one query for every reader, scoped to what each may see."""
