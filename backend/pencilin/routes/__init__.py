"""Every address of Pencilin, one list for each part of it. ``pencilin.app`` puts them together."""
