"""Tests: one file per behaviour. What they stand on is in ``conftest.py`` and ``rig/``."""
