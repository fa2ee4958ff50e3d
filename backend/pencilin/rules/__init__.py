"""The rules: pure functions on plain values. Nothing here reads a clock, a database or the environment."""
