"""Things waiting to be sent: claimed, sent outside a transaction, settled."""
