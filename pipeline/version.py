"""The version of Kadai; it goes into the manifest of every run."""

__version__ = "0.1.0"
