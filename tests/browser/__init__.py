"""What a person sees: the report and the docs pages, in a real browser."""
