"""What each side may do with a capacity, and what follows; pure."""
