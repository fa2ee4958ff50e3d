"""What tests stand on: a browser, a PostgreSQL, running servers. ``python -m tests.rig`` obtains it and runs pytest."""
