"""Charts as server-made SVG: pure functions, safe under a strict content policy, with a table of the same values.

Every chart is drawn twice, for wide and for narrow columns, so that its words can be read on a phone; the style sheet
shows one of them. Titles say the finding. A missing value is a gap in the picture and words in the table.
"""

from medskick.design.charts.bars import Bar, bar_chart
from medskick.design.charts.cloud import word_cloud
from medskick.design.charts.lines import Series, line_chart
from medskick.design.charts.model import Chart, Size

__all__ = ["Bar", "Chart", "Series", "Size", "bar_chart", "line_chart", "word_cloud"]
