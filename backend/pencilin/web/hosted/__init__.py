"""The hosted page without scripts: services, times and the form as plain pages, by the same rules as the widget.

Looking is GET. Whatever holds or books is POST with a signed token, and what was typed travels in bodies alone.
"""
