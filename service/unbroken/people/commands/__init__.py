"""What changes people: organisations, accounts, roles, sign-ins, tokens and links."""
