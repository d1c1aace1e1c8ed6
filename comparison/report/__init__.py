"""Reports: drawn from a run file alone, so that each can be made again later."""
