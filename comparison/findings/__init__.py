"""Findings: differences gathered, confirmed, made small, judged and listed."""
