"""Looks into a finished run: what is near, what is together and why, how sure that is.

A run saves no vectors. They are made again from its masked texts, and what is made is laid
beside what was saved (:mod:`pipeline.inspection.remade`).
"""
