"""What pandas does with texts one by one, done with a column as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd
    from numpy.typing import NDArray


def among(column: pd.Series[str], others: Iterable[str]) -> NDArray[np.bool_]:
    """Rows whose text is one of many; ``Series.isin`` makes an object of each of these.

    Examples
    --------
    >>> import pandas as pd
    >>> among(pd.Series(["a", "b", "a"]), ["a", "c"]).tolist()
    [True, False, True]
    """
    kind = pa.large_string()
    # Cast, because a column without rows may have no type.
    texts = pa.array(column.array, from_pandas=True).cast(kind)
    asked = getattr(others, "array", None)
    asked = list(others) if asked is None else asked
    found = pc.is_in(texts, value_set=pa.array(asked, from_pandas=True).cast(kind))
    return np.asarray(found, dtype=bool)
