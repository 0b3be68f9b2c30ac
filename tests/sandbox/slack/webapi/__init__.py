"""Slack's Web API: one function per method, and the door they are called through."""
