"""The reviewers' workbook: what the machine proposes, and yellow cells for people."""
