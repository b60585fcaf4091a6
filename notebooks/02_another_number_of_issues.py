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
# # 2. 課題の数を変えてみる
#
# 課題の数に、ただ1つの正しい数はありません。同じ意見を別の数にまとめ直し、
# 何が分かれ、何が残るかを見ます。結果のフォルダーは変わりません。
#
# - 人の判断（移動や統合）を入れる前の、機械の案どうしを比べます。
# - **庁内で調べるためのものです。** 小さい数が、そのまま出ます。

# %%
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from pipeline import japanese_font, load_run

RUN = None  # 結果のフォルダー。None は、いちばん新しい結果
WANTED = 40  # くわしく見る、課題の数

print(japanese_font())
plt.style.use("tableau-colorblind10")
pd.set_option("display.max_colwidth", 120)
made = load_run(RUN)
before = made.opinions[["opinion_id", "machine_issue_id"]]
titles = made.tables["machine_issues"].set_index("issue_id")["title"]
print(f"{made.folder.name}: 意見 {len(before):,}件、課題 {len(titles)}件")

# %% [markdown]
# ## いくつかの数でまとめ直す
#
# 大きな調査では、1つの数に10秒ほどかかります。
#
# - **ARI**（調整ランド指数）は、いまの結果との一致です。1 は同じ、0 は偶然と同じくらいです。
#   どちらでも課題に入った意見を2つずつ組にし、両方で一緒の組を数え、偶然に一緒になる分を引きます。
# - **安定度**は、意見を2割抜いて作り直しても同じ課題ができるか（0〜1、意見1件ずつの平均）です。
# - **シルエット値**は、自分の課題と、いちばん近いほかの課題との近さの差（−1〜1、平均）です。

# %%
numbers = np.unique([WANTED, *(len(titles) * np.array([0.25, 0.5, 0.75, 1, 1.25, 1.5])).round().astype(int)])
tried = {number: made.resized(max(int(number), 1)) for number in numbers}

rows = []
for number, grouped in tried.items():
    both = before.merge(grouped, on="opinion_id").query("machine_issue_id != '' and issue_id != ''")
    table = pd.crosstab(both["machine_issue_id"], both["issue_id"]).to_numpy()
    pairs, olds, news, every = [(n * (n - 1) / 2).sum() for n in (table, table.sum(axis=1), table.sum(axis=0), table.sum())]
    chance = olds * news / every
    inside = grouped[grouped["issue_id"] != ""]
    rows.append({
        "頼んだ数": number,
        "課題の数": inside["issue_id"].nunique(),
        "真ん中の大きさ（件）": inside["issue_id"].value_counts().median(),
        "ARI": (pairs - chance) / ((olds + news) / 2 - chance),
        "安定度": inside["stability"].mean(),
        "シルエット値": made.silhouettes(grouped)["silhouette"].mean(),
    })
measured = pd.DataFrame(rows).set_index("頼んだ数")
measured.round(3)

# %%
figure, axes = plt.subplots(figsize=(8, 4.5), layout="constrained")
for name, style in {"ARI": "C0o-", "安定度": "C1s--", "シルエット値": "C3^:"}.items():
    axes.plot(measured["課題の数"], measured[name], style, label=name)
axes.axvline(len(titles), color="0.6", linewidth=1)
axes.annotate("いまの結果", (len(titles), 0.25), xytext=(4, 0), textcoords="offset points", color="0.3")
axes.set(title=f"課題の数とまとまり（意見 n={len(before):,}）", xlabel="課題の数（件）", ylabel="値")
axes.set_ylim(min(0, measured["シルエット値"].min()) - 0.05, 1.05)
figure.legend(loc="outside lower center", ncols=3)
plt.show()

# %% [markdown]
# **読みかた。** 線の高いところが「正しい数」なのではありません。少なくすると大きな話題が合わさり、
# 多くすると言い方の違いで分かれます。話し合いに使える大きさかどうかを、題と声を読んで決めてください。
# 頼んだ数より多く（少なく）なることがあるのは、辞書の見出しの課題が、それより減らせない（増やせない）からです。

# %% [markdown]
# ## どの課題が、どう分かれるか
#
# いまの結果と `WANTED` 件のうち、**課題の少ないほう**の課題が、多いほうではどう分かれているかです。
# 番号が同じなら、ほぼ同じ意見の課題です。割合の小さいものから並べています。

# %%
both = before.merge(tried[WANTED], on="opinion_id").rename(columns={"machine_issue_id": "いまの結果", "issue_id": "まとめ直し"})
names = {"いまの結果": titles, "まとめ直し": both.groupby("まとめ直し")["title"].first()}
few, many = sorted(names, key=both.nunique().get)
parts = both[both[few] != ""].value_counts([few, many]).rename("n").reset_index().sort_values(["n", many], ascending=[False, True])
parts["share"] = parts["n"] / parts.groupby(few)["n"].transform("sum")
parts["分かれ方"] = (parts[many] + " " + parts[many].map(names[many])).where(parts[many] != "", "どの課題でもない") + " " + parts["n"].astype(str) + "件"
split = parts.groupby(few).agg(意見数=("n", "sum"), 最大の割合=("share", "max"), 分かれ方=("分かれ方", "、".join))
split.insert(0, f"{few}の題", names[few])
split = split.sort_values(["最大の割合", "意見数"], ascending=[True, False]).head(15)
split.round(2)

# %%
shown = parts.set_index(few).loc[split.index[::-1]].reset_index()
left = shown.groupby(few)["share"].cumsum() - shown["share"]
colors = np.select([shown[many] == "", shown[many] == shown[few]], ["C9", "C7"], "C8")
rows = shown[few] + " " + shown[few].map(names[few]).str.wrap(22)

figure, axes = plt.subplots(figsize=(9, 6.5), layout="constrained")
bars = axes.barh(rows, 100 * shown["share"], left=100 * left, color=colors, edgecolor="white")
axes.bar_label(bars, labels=shown[many].where(shown["share"] > 0.09, ""), label_type="center", fontsize=9)
for color, told in {"C7": "同じ番号の課題", "C8": "別の番号の課題", "C9": "どの課題でもない"}.items():
    axes.barh(rows.iloc[0], 0, color=color, label=told)
axes.margins(y=0.01)
axes.set(title=f"よく分かれる課題（{few} → {many}、意見 n={shown['n'].sum():,}）",
         xlabel="意見の割合（%）", ylabel=f"{few}の課題", xlim=(0, 100))
figure.legend(loc="outside lower right", ncols=3)
plt.show()

# %% [markdown]
# ## 決めたら
#
# 数を決めて結果を作るには、`kadai run 調査.toml --issues 40` のように実行します。
# 1つ、2つの課題だけを分けたり合わせたりするなら、数を変えずに、確認用ブックの「分ける」「統合先」を使うほうが、
# ほかの課題が動かないので安全です。
