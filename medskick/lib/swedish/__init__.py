"""Swedish text: order, words, search and word clouds. No Django, no domain words.

sort_key("Ängelholm") < sort_key("Örebro")        stored key for byte order
lemma("förskolorna") == "förskola"
compound_parts("bygglovsansökan") == ("bygglov", "ansökan")
search_lexemes(text), tsquery(text)               full-text search
word_counts(answers)                              word cloud
similarity(a, b)                                  as pg_trgm
"""

from medskick.lib.swedish.cloud import WordCount, word_counts
from medskick.lib.swedish.lexemes import query_lexemes, search_lexemes, tsquery
from medskick.lib.swedish.order import fold, sort_key
from medskick.lib.swedish.trigrams import closest, similarity, trigrams
from medskick.lib.swedish.words import compound_parts, lemma, stop_words, tokens

__all__ = [
    "WordCount",
    "closest",
    "compound_parts",
    "fold",
    "lemma",
    "query_lexemes",
    "search_lexemes",
    "similarity",
    "sort_key",
    "stop_words",
    "tokens",
    "trigrams",
    "tsquery",
    "word_counts",
]
