"""Gathers news, puts letters and channel messages, sends them, and what people say of both."""
