"""Slack: messages to a channel, through an incoming webhook."""
