"""Speed: how fast stacks answer, one measured against the other in one run."""
