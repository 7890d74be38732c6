"""What certificates and exports say and how they are proven; no I/O."""
