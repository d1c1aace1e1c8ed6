"""compare.toml: what is asked of whom, and what need not be equal."""
