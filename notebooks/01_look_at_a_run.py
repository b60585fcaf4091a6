# ---
# jupyter:
#   jupytext:
#     formats: py:percent
#     notebook_metadata_filter: -jupytext.text_representation.jupytext_version
#     text_representation:
#       extension: .py
#       format_name: percent
#       format_version: '1.3'
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 1. 結果を調べる
#
# `kadai run` の結果から、課題の大きさと安定度、意見の収まりぐあい、
# ある意見に近い意見、2つの意見が一緒にあるわけを見ます。
#
# - 上から順に、Shift キーを押しながら Enter を押します。数字や番号を変えて、何度でもやり直せます。
# - **庁内で調べるためのものです。** 意見の文面と小さい数が、そのまま出ます。
#   図や表を外に出すときは、目を通した `report.html` の数を使ってください。
# - 数えているのは、回答した人の声です。市民全体の割合ではありません。

# %%
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.ticker import LogLocator

from pipeline import japanese_font, load_run

RUN = None  # 結果のフォルダー（例 "../outputs/市民アンケート-1a2b3c4d"）。None は、いちばん新しい結果

print(japanese_font())
plt.style.use("tableau-colorblind10")
pd.set_option("display.max_colwidth", 80)
made = load_run(RUN)
issues, opinions = made.issues, made.opinions
print(made.folder.name)
print(f"回答 {len(made.answers):,}件、意見 {len(opinions):,}件、課題 {len(issues)}件")
made.tables["set_aside"]["reason"].value_counts().rename("取り上げなかったもの（件）").to_frame()

# %% [markdown]
# ## 大きさと安定度
#
# **安定度**は、意見の2割を抜いて20回作り直しても同じ課題ができるか（0〜1）です。
# 0.75 以上を「安定」、0.5 未満を「不安定」と呼びます。
# 大きくて不安定な課題は、いくつかの話題が合わさっていることが多く、人が分けるか題を直す候補です。

# %%
top = issues.nlargest(20, "n_opinions")[::-1]
names = top["issue_id"] + " " + top["title"].str.wrap(26)
colors = {"安定": "C0", "やや不安定": "C1", "不安定": "C3"}

figure, axes = plt.subplots(figsize=(8, 7), layout="constrained")
bars = axes.barh(names, top["n_opinions"], color=top["stability_word"].map(colors))
axes.bar_label(bars, padding=3)
for word, color in colors.items():
    axes.barh(names.iloc[0], 0, color=color, label=word)
axes.legend(title="安定度", loc="lower right")
axes.margins(x=0.1, y=0.01)
axes.set(title=f"大きい課題 {len(top)}件（意見 n={len(opinions):,}）", xlabel="意見数（件）", ylabel="課題")
plt.show()

# %%
unsure = issues[issues["stability"] < 0.75].nlargest(8, "n_opinions")

figure, axes = plt.subplots(figsize=(8, 5), layout="constrained")
axes.scatter(issues["n_opinions"], issues["stability"], color="C0", alpha=0.6, label="課題")
axes.scatter(unsure["n_opinions"], unsure["stability"], color="C1", label="大きくて不安定な課題（下の表）")
for level in (0.5, 0.75):
    axes.axhline(level, color="0.6", linestyle="--", linewidth=1)
axes.legend(loc="lower right")
axes.set(xscale="log", ylim=(0, 1.05), xlabel="意見数（件、対数目盛）", ylabel="安定度（0〜1）")
axes.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
axes.xaxis.set_major_formatter("{x:,.0f}")
axes.xaxis.set_minor_formatter("")
axes.set_title(f"課題の大きさと安定度（課題 n={len(issues)}）")
plt.show()
unsure[["issue_id", "title", "n_opinions", "stability", "cohesion", "words"]]

# %% [markdown]
# ## 意見の収まりぐあい
#
# **シルエット値**（−1〜1）は、自分の課題の意見との近さと、いちばん近いほかの課題の意見との近さの差です。
# 0 より小さい意見は、言い方がほかの課題のほうに似ています。辞書の見出しで集めた課題は、言い方が違っても一緒なので、
# 0 の近くが普通です。値の大小ではなく、課題どうしを比べ、下のほうの意見を読むために使います。
# 図の箱は真ん中の半分の意見、箱の中の線は中央値、ひげは 5〜95% です。

# %%
fit = made.silhouettes().merge(issues[["issue_id", "title", "n_opinions"]], on="issue_id")
largest = issues.nlargest(12, "n_opinions")[::-1]
values = [fit.loc[fit["issue_id"] == own, "silhouette"] for own in largest["issue_id"]]

figure, axes = plt.subplots(figsize=(9, 6), layout="constrained")
axes.boxplot(values, orientation="horizontal", whis=(5, 95), showfliers=False)
names = largest["issue_id"] + " " + largest["title"].str.wrap(26) + [f"（n={len(one)}）" for one in values]
axes.set_yticks(np.arange(1, len(largest) + 1), names)
axes.axvline(0, color="0.6", linewidth=1)
axes.set(xlabel="シルエット値（−1〜1）", ylabel="課題")
axes.set_title("大きい課題の収まりぐあい（n は文面の数）")
plt.show()

# %%
# ほかの課題に移したほうがよいかもしれない意見
fit.nsmallest(10, "silhouette").merge(opinions[["opinion_id", "text"]], on="opinion_id")

# %% [markdown]
# ## ある意見に近い意見
#
# `OPINION` に意見の番号（`O…`）を入れます。はじめは、いちばん大きい課題の代表的な声です。

# %%
OPINION = issues.nlargest(1, "n_opinions")["representative_opinion_ids"].str.split().iloc[0][0]

print(opinions.loc[opinions["opinion_id"] == OPINION, "text"].item())
near = made.neighbours(OPINION, n=10)
near

# %% [markdown]
# ## 2つの意見は、なぜ一緒（別）なのか
#
# 近さは、いくつかの見方を合わせたものです。「言葉」はこの調査で一緒に使われる言葉、「意味」は一般の言葉の意味、
# 「文字」は文字のつながりの近さです。

# %%
OTHER = near["opinion_id"].iloc[0]

why = made.together(OPINION, OTHER)
print(why.told)
why.views

# %%
# 両方の意見にある言葉。share は「言葉」の近さのうち、その言葉が両方にあることで生まれた割合です
why.words.head(10)

# %% [markdown]
# ## だれが言っているか
#
# 属性ごとの人数です。人数の少ないところと、足し算や引き算で分かってしまうところは、報告書と同じ決まりで伏せ、
# `<NA>` と出ます。`ATTRIBUTE` を、ほかの属性や `"source_kind"`（資料の種類）に変えられます。

# %%
values = made.answers.filter(like="attr_").nunique()
ATTRIBUTE = [*values.index[values.between(2, 12)].str.removeprefix("attr_"), "source_kind"][0]

print(f"列: {ATTRIBUTE}（人）")
made.crosstab("issue", ATTRIBUTE).head(15)
