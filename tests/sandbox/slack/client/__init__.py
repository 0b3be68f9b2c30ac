"""The client API: what people do and see, for the web page and for tests."""
