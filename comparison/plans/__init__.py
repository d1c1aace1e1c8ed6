"""Plans: what is asked, in which order, and as whom."""
