"""Exchanges: plans on several stacks in lock-step, and how answers differ."""
