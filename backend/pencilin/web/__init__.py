"""The web edge: turns requests into calls of the use cases, and their answers and errors into responses."""
