"""Pencilin: online scheduling for health practices.

Read ``app.py`` first: it lists every route, and each leads to the use case behind it.
"""

__version__ = "0.2.0"
