"""Commands of `slipway`, a module per topic; `bot.cli` puts them together."""
