"""The words that stand with one word, and how they stand with each other (ego network).

Counted anew from the masked opinions by :mod:`pipeline.cooccurrence`, with its thresholds:
the saved tables hold the most frequent words only.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pandas as pd
from markupsafe import escape

from pipeline.cooccurrence import LEAST_OPINIONS, LEAST_SPEAKERS, LEAST_TOGETHER, count_around
from pipeline.errors import UsageError
from pipeline.lexicon import load_stopwords
from pipeline.report.network import DRAWN, build_network
from pipeline.textwidth import text_width
from pipeline.tokentable import TokenTable
from pipeline.wording import clean
from pipeline.wordunits import find_units
from pipeline.wordviews.places import find_places, longer_words, nothing_found, wanted_word
from pipeline.wordviews.voices import load_voices

if TYPE_CHECKING:
    from pathlib import Path

    from pipeline.report.network import Edge, Node
    from pipeline.wordviews.places import Place, Wanted

LINKS: Final = 30
"""Words beside the word that are shown, the strongest first."""

_LETTER: Final = 15

NEIGHBOURS: Final = (
    "word", "shown", "pos", "n_opinions", "n_together", "n_people", "jaccard", "npmi",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class WordNetwork:
    """A word and the words that stand with it.

    Attributes
    ----------
    word
        As it is counted; ``shown`` as it is written most often.
    n_opinions, n_people
        That use it.
    neighbours
        :data:`NEIGHBOURS`: ``n_opinions`` use that word, ``n_together`` both, in ``n_people``
        known respondents; the strongest by Jaccard first.
    links
        As the table ``word_links``: of the word with its neighbours, and among these.
    words
        As the table ``words``: the word and its neighbours.
    """

    word: str
    shown: str
    n_opinions: int
    n_people: int
    neighbours: pd.DataFrame
    links: pd.DataFrame
    words: pd.DataFrame

    def svg(self) -> str:
        """Drawing of the word, its neighbours, and the strongest links among these.

        Raises
        ------
        UsageError
            There are no neighbours.
        """
        if self.links.empty:
            raise UsageError(
                f"「{self.shown}」と一緒に使われる言葉が、図にするには少なすぎます。",
                remedy="kadai kwic で、どう使われているかを見てください。",
            )
        own = (self.links["word_1"] == self.word) | (self.links["word_2"] == self.word)
        among = self.links[~own].sort_values(
            ["jaccard", "word_1", "word_2"], ascending=[False, True, True]
        )
        drawn = pd.concat([self.links[own], among])[:DRAWN]
        made = build_network({"words": self.words, "word_links": drawn})
        # The report's drawing is as wide as its page; one connected part needs less.
        wide = max(math.ceil(node.x + max(node.radius, _half(node.label))) for node in made.nodes)
        begins = f"{clean(self.shown)}："
        lines = [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide + 8}" height="{made.height + 8}"',
            f' viewBox="-4 -4 {wide + 8} {made.height + 8}" font-family="sans-serif"',
            f' font-size="{_LETTER}">',
            f"<title>{_escaped(self.shown)} と一緒に使われる言葉</title>",
            *map(_line, made.edges),
            *(_circle(node, is_centre=node.said.startswith(begins)) for node in made.nodes),
            "</svg>",
        ]
        return "\n".join(lines) + "\n"


def surround(run: Path, word: str, *, links: int = LINKS) -> WordNetwork:
    """Find the words that stand in the same opinions as a word.

    Parameters
    ----------
    run
        Run folder.
    word
        In any form; nouns that belong together (公共交通) as they are written.
    links
        Neighbours at most.

    Raises
    ------
    UsageError
        The word stands nowhere, says too little to be counted, or is used by too few.
    InputError
        The run cannot be read.
    """
    voices = load_voices(run).without_plan()
    wanted = wanted_word(word)
    places = find_places(wanted, voices.texts, voices.tokens)
    if not places:
        raise nothing_found(wanted, voices.tokens)
    own = "".join(wanted.forms)
    made = count_around(voices.opinions, voices.tokens, load_stopwords(), own, links)
    if made.words.empty:
        raise _not_counted(wanted, voices.tokens, places)
    centre = made.words.iloc[0]
    return WordNetwork(
        word=own,
        shown=centre["shown"],
        n_opinions=int(centre["n_opinions"]),
        n_people=int(centre["n_respondents"]),
        neighbours=_neighbours(own, made.words, made.links),
        links=made.links,
        words=made.words,
    )


def _neighbours(own: str, words: pd.DataFrame, links: pd.DataFrame) -> pd.DataFrame:
    beside = links[(links["word_1"] == own) | (links["word_2"] == own)]
    other = beside["word_1"].where(beside["word_1"] != own, beside["word_2"])
    found = beside.assign(word=other).rename(
        columns={"n_opinions": "n_together", "n_respondents": "n_people"}
    )
    joined = found.merge(words[["word", "shown", "pos", "n_opinions"]], on="word", how="left")
    ranked = joined.sort_values(["jaccard", "word"], ascending=[False, True], ignore_index=True)
    return ranked[list(NEIGHBOURS)]


def _not_counted(wanted: Wanted, tokens: TokenTable, places: list[Place]) -> UsageError:
    """Why there is nothing to show of a word that stands somewhere."""
    own, words = "".join(wanted.forms), load_stopwords()
    if own not in find_units(TokenTable.of(tokens), words).names:
        longer = "、".join(form for form, _ in longer_words(wanted, tokens, places)[:5])
        return UsageError(
            f"「{wanted.written}」は、つながりを数えない言葉です。"
            "話題を表さない語、数、地名、人の名前、ほかの名詞とひと続きの名詞は数えません。",
            remedy="kadai kwic で、どう使われているかを見てください。"
            + (f"この語を含む言葉: {longer}。" if longer else ""),
        )
    return UsageError(
        f"「{wanted.written}」を使った意見は、つながりを数えるには少なすぎます"
        f"（{LEAST_OPINIONS}件以上の意見、{LEAST_SPEAKERS}人以上で数えます。"
        "助動詞と、ほかの名詞とひと続きのものは、入れません）。",
        remedy="kadai kwic で、どう使われているかを見てください。",
    )


def thresholds() -> str:
    """What is counted, in Japanese."""
    return (
        f"意見{LEAST_OPINIONS}件以上、{LEAST_SPEAKERS}人以上が使った言葉のうち、"
        f"異なる文面{LEAST_TOGETHER}つ以上、{LEAST_SPEAKERS}人以上がこの言葉と一緒に使ったものです。"
        "ひと続きの名詞（子ども会など）は、それで1語と数えます。"
    )


def _half(label: str) -> float:
    """Half the width of a label."""
    return text_width(label) * _LETTER / 4


def _line(edge: Edge) -> str:
    return (
        f'<line x1="{edge.x1}" y1="{edge.y1}" x2="{edge.x2}" y2="{edge.y2}"'
        f' stroke="#9db3c4" stroke-width="{edge.width}"/>'
    )


def _circle(node: Node, *, is_centre: bool) -> str:
    fill = "#f3c98b" if is_centre else "#d6e6f2"
    return (
        f"<g><title>{_escaped(node.said)}</title>"
        f'<circle cx="{node.x}" cy="{node.y}" r="{node.radius}" fill="{fill}" stroke="#345"/>'
        f'<text x="{node.x}" y="{node.label_y}" text-anchor="middle" dominant-baseline="central"'
        f' stroke="#fff" stroke-width="3" paint-order="stroke">{_escaped(node.label)}</text></g>'
    )


def _escaped(text: str) -> str:
    return str(escape(clean(text)))
