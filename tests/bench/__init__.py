"""Measurements against the budgets: ``python3 build.py bench``."""
