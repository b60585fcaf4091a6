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
# # 5. 辞書を育てる
#
# 機械が1語と知らない言葉や、同じ意味の言葉を、結果の中から探します。足す前に、
# どの意見が変わるかを確かめます。ここでは、辞書にも結果にも何も書きません。
#
# - 候補は機械の見当です。足さないほうがよいものも入っています。**用例を読んで決めてください。**
# - 人の名前は足しません。特定の町や店の名前は、自分の市の辞書にだけ足します。
# - **庁内で調べるためのものです。** 小さい数が、そのまま出ます。

# %%
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from pipeline import japanese_font, load_run

RUN = None  # 結果のフォルダー。None は、いちばん新しい結果

print(japanese_font())
plt.style.use("tableau-colorblind10")
pd.set_option("display.max_colwidth", 60)
made = load_run(RUN)
suggested = made.suggest_words()
print(f"{made.folder.name}: 候補 {len(suggested)}件")
suggested.groupby("kind", sort=False)[["n_opinions"]].agg(["size", "sum"]).set_axis(["候補", "のべ意見数"], axis=1)

# %% [markdown]
# ## 候補
#
# 種類ごとに、確からしいものから並びます。`why` が候補になったわけ、`line` が辞書に足す行です。
# 小さな調査では、候補が出ないこともあります。

# %%
suggested.groupby("kind").head(8)[["kind", "word", "normalized", "n_opinions", "statistic", "context_1", "why"]]

# %% [markdown]
# ## 足すと、どの意見が変わるか
#
# `WORDS` は1語にする言葉、`SYNONYMS` は「言葉: まとめ先」です。はじめは、候補の上から2つずつを試します。
# 意見を2回読むので、30秒ほどかかることがあります。

# %%
WORDS = suggested.loc[suggested["file"] == "user.csv", "word"].head(2).tolist()
SYNONYMS = suggested[suggested["file"] == "synonyms.csv"].head(2).set_index("word")["normalized"].to_dict()

changed = made.try_words(WORDS, SYNONYMS)
print(f"1語にする: {WORDS}、まとめる: {SYNONYMS}")
print(f"語が変わる意見 {len(changed)}件、話題が変わる意見 {(changed['heading'] != changed['heading_after']).sum()}件、"
      f"目標が変わる意見 {(changed['goal_id'] != changed['goal_id_after']).sum()}件")
changed.head(15)

# %% [markdown]
# ## 言葉の使われかた（KWIC）
#
# `WORD` を書きかえて、前後の文脈を読みます。活用や書き方が違っても見つけます。

# %%
links, words = made.tables["word_links"], made.tables["words"]
WORD = pd.concat([links["word_1"], links["word_2"], words["word"]]).mode()[0]  # "防災" のように書きかえます

lines = made.kwic(WORD)
n = lines["opinion_id"].nunique()
print(f"「{WORD}」を使った意見（異なる文面）{n}件")
lines[["before", "word", "after", "title"]].head(20).style.hide(axis="index").set_properties(subset="before", **{"text-align": "right"})

# %% [markdown]
# ## 一緒に使われる言葉
#
# 同じ意見の中に一緒に出る言葉です。**Jaccard 係数**は「どちらかを使った意見のうち、両方を使った意見の割合」です。
# 人数の少ない組は数えていません。一緒に使われることは、原因や結果を意味しません。
# 2つ目の図では、濃い線が `WORD` との組、うすい線がまわりの言葉どうしの組です。

# %%
near = made.network(WORD, links=12)
if near.empty:
    print("一緒に使った人の多い言葉は、ありません。図は空になります。")

figure, axes = plt.subplots(figsize=(7, 2 + 0.3 * len(near)), layout="constrained")
bars = axes.barh(near["shown"][::-1], near["jaccard"][::-1])
axes.bar_label(bars, labels=near["n_together"][::-1].astype(str) + "件", padding=3)
axes.margins(x=0.12)
axes.set(xlabel="Jaccard 係数（0〜1。右の数字は、両方を使った意見数）", ylabel="言葉")
axes.set_title(f"「{WORD}」と一緒に使われる言葉（「{WORD}」の文面 n={n}）")
plt.show()

# %%
angles = 2 * np.pi * np.arange(len(near)) / max(len(near), 1)
place = {WORD: (0, 0)} | dict(zip(near["word"], zip(np.cos(angles), np.sin(angles))))
names = {WORD: WORD} | dict(zip(near["word"], near["shown"]))
among = links[links["word_1"].isin(near["word"]) & links["word_2"].isin(near["word"])]
star = near.assign(word_1=WORD, word_2=near["word"])

figure, axes = plt.subplots(figsize=(7, 7), layout="constrained")
for drawn, color in ((among, "C7"), (star, "C0")):
    for edge in drawn.itertuples():
        axes.plot(*zip(place[edge.word_1], place[edge.word_2]), color=color, linewidth=1 + 20 * edge.jaccard, zorder=1)
for word, (x, y) in place.items():
    axes.text(x, y, names[word], ha="center", va="center", fontsize=12, bbox={"boxstyle": "round", "facecolor": "white", "edgecolor": "0.5"})
axes.set(xlim=(-1.4, 1.4), ylim=(-1.2, 1.2), title=f"「{WORD}」のまわり（太い線ほど、よく一緒に使われる。n={n}）")
axes.set_axis_off()
plt.show()

# %% [markdown]
# ## 足すと決めたら
#
# `kadai dictionary suggest` で候補を表計算のファイルに書き出し、足すものに印を付け、
# `kadai dictionary add` で足します。辞書を変えたあとは `kadai run` をもう一度行い、変わったところを読んでください。
# 辞書の中身は結果の記録に残るので、前の結果とは区別されます。
