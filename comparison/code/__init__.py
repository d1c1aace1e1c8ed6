"""What the sources of the stacks are, and which of them stand beside each other."""
