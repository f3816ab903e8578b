"""Two studies side by side: what changed, by how many sigma, and which choices with it."""

from hstdriz_study.study.compare.changes import (
    ChoiceChange,
    Comparison,
    MetricChange,
    compare_studies,
)
from hstdriz_study.study.compare.side import Side, read_side
from hstdriz_study.study.compare.words import comparison_markdown, comparison_text

__all__ = [
    "ChoiceChange",
    "Comparison",
    "MetricChange",
    "Side",
    "compare_studies",
    "comparison_markdown",
    "comparison_text",
    "read_side",
]
