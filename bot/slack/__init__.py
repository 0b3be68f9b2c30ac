"""The only way out to Slack: what the use-cases want said, in Slack's words and within its rules."""
