"""Who signs in, how, and what that opens.

``staff`` holds people and their places, ``passwords``, ``sign_in_codes`` and ``devices`` the ways in, ``sessions``
what is open.
"""
