"""The report: one HTML file made of saved tables, for people who decide.

``views`` is the plain data that is shown, ``context`` and its neighbours make it of
tables, ``charts`` draws, ``html`` renders.
"""

from pipeline.report.html import write_report

__all__ = ["write_report"]
