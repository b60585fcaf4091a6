"""What is found out of every text by itself: people, opinions, words, topics, goals.

Each text is read alone, so that workers can read many at once and in any order; what
depends on all of them (the same opinion, issues) is found out afterwards.
"""

from pipeline.annotate.opinions import Annotated, annotate
from pipeline.annotate.people import find_people
from pipeline.annotate.texts import Annotation
from pipeline.annotate.tools import Ground, Tools, load_tools

__all__ = ["Annotated", "Annotation", "Ground", "Tools", "annotate", "find_people", "load_tools"]
