# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown]
# # 結果を眺める
# `kadai run` が作ったフォルダーの表を読み、課題の大きさ・まとまり・安定度、
# 意見の種類、目標の確信度を見ます。表の列の意味は `pipeline/tables.py` にあります。

# %%
import json
import os
from pathlib import Path

import pandas as pd

from pipeline.tables import SCHEMAS, load_table

pd.set_option("display.max_colwidth", 60)

# %%
# 見たい結果のフォルダー。指定がなければ、いちばん新しい結果を使います。
run = Path(os.environ.get("KADAI_RUN") or max(Path("outputs").glob("*/manifest.json"), key=os.path.getmtime).parent)
tables = {name: load_table(name, run / "tables") for name in SCHEMAS}
manifest = json.loads((run / "manifest.json").read_text("utf-8"))
manifest["ledger"], manifest["method"]

# %% [markdown]
# ## 大きい課題と、その安定度
# `stability` は、意見を一部だけにして何度もまとめ直したときに同じ課題が現れる度合い（0〜1）、
# `cohesion` は課題の中心との近さの平均です。

# %%
issues = tables["issues"]
columns = ["issue_id", "title", "n_opinions", "n_respondents", "stability", "cohesion", "goal_id"]
issues.sort_values("n_opinions", ascending=False)[columns].head(20)

# %%
# 大きいのに不安定な課題: 人の目で分けるか、題を直す候補です。
issues[issues["stability"] < issues["stability"].median()].nlargest(10, "n_opinions")[columns]

# %% [markdown]
# ## 意見の種類と課題
# ほめる声と困りごとが同じ課題に入っていないかを見ます。

# %%
opinions = tables["opinions"]
kinds = pd.crosstab(opinions["issue_id"], opinions["kind"])
kinds.join(issues.set_index("issue_id")["title"]).sort_values("problem", ascending=False).head(15)

# %% [markdown]
# ## 2つの意見が同じ課題にあるのはなぜか
# いちばん大きい課題の、中心に近い声と遠い声です。

# %%
largest = issues.loc[issues["n_opinions"].idxmax(), "issue_id"]
inside = opinions[(opinions["issue_id"] == largest) & (opinions["duplicate_of"] == "")]
pd.concat([inside.nlargest(5, "issue_strength"), inside.nsmallest(5, "issue_strength")])[["issue_strength", "text"]]

# %% [markdown]
# ## 目標の確信度と根拠

# %%
given = opinions[opinions["goal_id"] != ""]
given.groupby("goal_id")["goal_confidence"].describe().round(2)

# %%
# 確信度の低いものから、根拠の語とともに。
links = tables["goal_links"].set_index(["target_id", "goal_id"])["evidence"]
unsure = given.nsmallest(10, "goal_confidence")[["opinion_id", "goal_id", "goal_confidence", "text"]]
unsure.assign(words=["、".join(one["word"] for one in json.loads(links[key])) for key in zip(unsure["opinion_id"], unsure["goal_id"])])
