"""Organisations, accounts as role mailboxes, roles and what each may see and do."""
