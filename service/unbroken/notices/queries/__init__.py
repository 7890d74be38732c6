"""What is news for whom, and how sending goes."""
