"""Insights."""

from starlette.routing import Route

from pencilin.web.dashboard import insights
from pencilin.web.security import staff

INSIGHTS = [
    Route("/insights", staff(insights.insights)),
    Route("/insights/weeks.csv", staff(insights.weekly_figures)),
    Route("/insights/practitioners.csv", staff(insights.practitioner_figures)),
]
