"""A practice's own website: the snippet for it, where the widget was seen, and which sites may show the form."""
