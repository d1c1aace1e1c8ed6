"""Contracts: OpenAPI documents read, checked, and what they say."""
