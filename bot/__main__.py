"""`python -m bot` does what `slipway` does."""

from bot.cli import main

if __name__ == "__main__":
    main()
