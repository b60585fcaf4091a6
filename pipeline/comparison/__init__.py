"""Comparison of waves: which issues are new, have grown, have shrunk, are gone."""
