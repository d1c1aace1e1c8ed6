"""The comparison engine: drives several stacks in lock-step, reports how they differ.

`comparison.cli` is the program; `comparison.stacks` starts what `stacks.toml` names.
"""
