"""Slipway's conversation with people: Slack in, Slack out, and the decisions between."""
