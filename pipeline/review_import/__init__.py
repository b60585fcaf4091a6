"""Filled-in workbooks read back into the record of decisions, or compared."""
