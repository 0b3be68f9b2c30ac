"""How fast Slipway is on this machine, beside bare Bolt: `python -m benchmarks`, or `make bench`."""
