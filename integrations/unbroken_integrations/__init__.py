"""Adapters to outside systems, one package each; they see ports, rules and kit only."""
