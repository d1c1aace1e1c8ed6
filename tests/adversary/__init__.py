"""Attacks on the real stacks, and what they cost them."""
