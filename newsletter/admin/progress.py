"""How far an issue has come while it is sent, and what became of it."""
