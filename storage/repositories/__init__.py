"""Verbs of the domain in, frozen records out; every query names the workspace it is for."""
