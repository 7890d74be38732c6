"""Money: what is needed, what is given, and which month nobody has paid for."""
