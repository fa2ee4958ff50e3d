"""The dashboard's pages. Each handler takes a :class:`~pencilin.web.security.StaffCall`; ``app`` lists the routes."""
