"""Acts on money; each owns its transaction and writes the plan's trail."""
