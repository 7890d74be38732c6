"""Microsoft Teams: messages to a chat or channel, through a workflow."""
