"""Kadai: from what residents write to issues under the goals of a plan.

The package is a chain of stages, each a module named after the table that it
makes; :mod:`pipeline.run` tells the whole story. Nothing is imported here, so
that ``kadai --help`` answers at once.
"""

__version__ = "0.1.0"
