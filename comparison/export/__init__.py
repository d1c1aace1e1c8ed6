"""Differences as tests that need nothing of ours."""
