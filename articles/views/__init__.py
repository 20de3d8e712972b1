"""The public pages: those that readers read, and those that a guest opens with a link."""
