"""What Kadai takes the planner's files for, in words that can be contradicted.

Findings are made from documents and tables (:mod:`files <pipeline.findings.files>`,
:mod:`columns <pipeline.findings.columns>`) and laid out for a terminal
(:mod:`screen <pipeline.findings.screen>`).
"""

from pipeline.findings.columns import column_findings, given_findings
from pipeline.findings.files import (
    document_findings,
    kind_finding,
    place_finding,
    sheet_finding,
)
from pipeline.findings.model import ColumnFacts, Finding

__all__ = [
    "ColumnFacts",
    "Finding",
    "column_findings",
    "document_findings",
    "given_findings",
    "kind_finding",
    "place_finding",
    "sheet_finding",
]
