"""Recordings: what somebody asked before, as plans."""
