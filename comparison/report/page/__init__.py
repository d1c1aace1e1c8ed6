"""The report as one page of HTML, which needs nothing beside itself."""
