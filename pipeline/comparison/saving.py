"""New files: see :mod:`pipeline.newfile`."""

from pipeline.newfile import check_new, save_new

__all__ = ["check_new", "save_new"]
