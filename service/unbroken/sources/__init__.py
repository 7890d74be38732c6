"""Outside systems that tell us something: where they are, what they may tell, and when they did."""
