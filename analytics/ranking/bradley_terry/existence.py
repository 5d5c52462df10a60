"""Whether finite abilities exist: every player must beat or tie its way round to every other."""

from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from analytics.ranking.bradley_terry.comparisons import ComparisonTable


def is_strongly_connected(table: ComparisonTable) -> bool:
    """Return Ford's condition (1957): no group of players won all its games against the rest.

    An edge runs from winner to loser, and both ways for a tie.
    """
    wins, losses, ties = table.outcome == 1, table.outcome == -1, table.outcome == 0
    beats = [
        *zip(table.first[wins], table.second[wins], strict=True),
        *zip(table.second[losses], table.first[losses], strict=True),
        *zip(table.first[ties], table.second[ties], strict=True),
        *zip(table.second[ties], table.first[ties], strict=True),
    ]
    rows, columns = zip(*beats, strict=True)
    size = len(table.players)
    graph = coo_array(([1] * len(rows), (rows, columns)), shape=(size, size))
    return int(connected_components(graph, directed=True, connection="strong")[0]) == 1
