"""Who is told what, when and by which way; nothing is sent during a request."""
