"""The shared suite: any server at a URL against the contract."""
