"""What Slipway decides. Knows Ironclad's client and the storage, but no web framework and no Slack name."""
