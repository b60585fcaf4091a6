"""Words that the dictionaries could know better: found in a run, tried out, and written down.

``suggest`` reads a finished run and names candidates for ``user.csv`` and ``synonyms.csv``;
``try_words`` says what a change would do to the opinions of a run. Neither writes anything.
"""

from pipeline.vocabulary.effect import try_words
from pipeline.vocabulary.suggest import suggest

__all__ = ["suggest", "try_words"]
