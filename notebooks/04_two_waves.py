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
# # 4. 前回と比べる
#
# 同じ調査の2つの回を比べ、課題の増え方と減り方を、偶然の幅（95%区間）とともに見ます。
#
# - 見本には2回分の調査がありません。はじめは、郵送の回答を「前」、ウェブの回答を「今」に見立てています。
#   答えた人も答え方も違うので、**この差は年月による変化ではありません。** 自分の調査の2つの結果に書きかえてください。
# - **庁内で調べるためのものです。** 小さい数がそのまま出ます。

# %%
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from pipeline import compare, japanese_font, load_run, run

BEFORE = run("../inputs/sample/survey_2025.xlsx", output="../outputs/見本の2回/郵送", quiet=True)
NOW = run("../inputs/sample/survey_web_2025_cp932.csv", output="../outputs/見本の2回/ウェブ", quiet=True)
# 自分の調査では: BEFORE = load_run("../outputs/前回") と NOW = load_run("../outputs/今回")

print(japanese_font())
plt.style.use("tableau-colorblind10")
pd.set_option("display.max_colwidth", 60)
compared = compare(BEFORE, NOW)
changes = compared.changes

# %% [markdown]
# ## 言えること
#
# `kadai compare` と同じ画面です。課題の数だけ検定を重ねているので、p値はその分きびしくしています。
# 比べにくくしているもの（設問、属性、辞書の違いなど）があれば、注意が出ます。

# %%
print("\n".join(compared.lines))

# %% [markdown]
# ## 変化とその幅
#
# 横の線が 95%区間です。**線が 0 をまたぐ課題は、変わったとは言えません。**
# またがなくても、課題が多ければ偶然にいくつかは外れます。色のついたものだけが、検定でも変わったと言えるものです。

# %%
unit = changes["unit"].iloc[0]
bases = f"前 n={changes['previous_n_base'].max():,}{unit}、今 n={changes['n_base'].max():,}{unit}"
measured = changes.dropna(subset=["difference_low"])
largest = measured.loc[measured["difference"].abs().nlargest(20).index].sort_values("difference")
claimed = largest["change"].isin(["新規", "拡大", "縮小", "解消"]).to_numpy()
places = np.arange(len(largest))
middle, low, high = 100 * largest[["difference", "difference_low", "difference_high"]].to_numpy().T

figure, axes = plt.subplots(figsize=(8, 7), layout="constrained")
for own, color, label in ((claimed, "C1", "変わったと言える"), (~claimed, "0.5", "変わったとまでは言えない")):
    axes.hlines(places[own], low[own], high[own], color=color, label=label)
    axes.plot(middle[own], places[own], "o", color=color)
axes.axvline(0, color="0.6", linewidth=1)
axes.set_yticks(places, largest["title"].where(largest["title"] != "", largest["previous_title"]).str.wrap(22))
axes.set(title=f"割合の差と95%区間（{bases}）", xlabel="今の割合 − 前の割合（ポイント）", ylabel="課題")
figure.legend(loc="outside lower right", ncols=2)
plt.show()

# %% [markdown]
# ## 大きい課題の動き
#
# どちらの回にもある課題のうち、割合の大きいものです。傾きが急でも、灰色なら偶然かもしれません。

# %%
paired = changes[(changes["issue_id"] != "") & (changes["previous_issue_id"] != "")].dropna(subset=["share", "previous_share"])
lines = paired.loc[paired[["share", "previous_share"]].max(axis=1).nlargest(12).index].sort_values(["share", "issue_id"])
shares = 100 * lines[["previous_share", "share"]].to_numpy()
claimed = lines["change"].isin(["拡大", "縮小"])
steps = np.arange(len(lines)) * shares.max() / 22  # 題どうしが重ならない高さ
level = shares[:, 1] - steps
heights = (np.maximum.accumulate(level) + np.minimum.accumulate(level[::-1])[::-1]) / 2 + steps

figure, axes = plt.subplots(figsize=(8, 6), layout="constrained")
for (before, now), height, title, color in zip(shares, heights, lines["title"], claimed.map({True: "C1", False: "0.5"})):
    axes.plot([0, 1], [before, now], "o-", color=color)
    axes.plot([1.02, 1.06], [now, height], color="0.8", linewidth=1)
    axes.text(1.07, height, f"{now:.1f}% {title}", va="center", color="black")
axes.set_xticks([0, 1], ["前", "今"])
axes.set(xlim=(-0.1, 2.2), ylim=(min(0, heights[0] - steps[1]), None), xlabel="調査の回", ylabel="述べた割合（%）")
axes.set_title(f"割合の大きい課題（{bases}）")
plt.show()

# %% [markdown]
# ## 新しい課題と、なくなった課題
#
# 「今回のみ」「前回のみ」は、人数が少ないなどで、新しい、なくなったとまでは言えないものです。

# %%
columns = ["change", "title", "previous_title", "previous_n_respondents", "n_respondents", "p_adjusted", "note"]
changes.loc[changes["change"].isin(["新規", "解消", "今回のみ", "前回のみ"]), columns].head(20)

# %% [markdown]
# ## 報告書にする
#
# `compared.report("../outputs/変化.html")` で、`kadai compare --report` と同じページを書き出します。
# 人に渡すのは、目を通したそのページだけにしてください。
