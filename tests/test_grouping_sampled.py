"""Issues from a sample: nobody is lost, and what few say is found outside of it, too."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from pipeline import grouping, issues, opinionvectors
from pipeline.clusters import nearest
from pipeline.regroup import Changes, regroup
from tests.test_grouping import check_ledger, group, sentences
