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
# # 3. 目標の確かさ
#
# 機械が付けた基本目標を、人が付けた目標と比べます。どの目標を取り違えるか、
# 確信度は当たっているか、計画の例文を増やすと良くなりそうかを見ます。
#
# - `LABELS` は、人が目標を付けた表（`text` と `goal` の列。`0` は、どの目標でもない）の場所です。
#   `None` にすると、この結果に入っている、確認用ブックの判断を使います。
# - はじめの `sample_goals.csv` は、見本の文 160件に、見本の作り手が付けたものです。
#   文も目標も架空なので、**みなさんの調査でどれだけ当たるかは分かりません。**
#   自分の調査から偶然に選んだ 100件以上を、機械の案を見ずに読んでから、見てください。
# - **庁内で調べるためのものです。** 小さい数が、そのまま出ます。

# %%
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from pipeline import japanese_font, load_run

RUN = None  # 結果のフォルダー。None は、いちばん新しい結果
LABELS = "sample_goals.csv"  # 人が目標を付けた表

print(japanese_font())
plt.style.use("tableau-colorblind10")
made = load_run(RUN)
agreement = made.agreement(LABELS)
print(f"{made.folder.name}: 比べた行 {agreement.n_rows}、人の目標は「{agreement.source}」")
print(*agreement.notes, sep="\n")
pd.Series({
    "正解率": agreement.accuracy,
    "正解率の95%区間（下）": agreement.accuracy_low,
    "正解率の95%区間（上）": agreement.accuracy_high,
    "目標ごとの F1 の平均": agreement.macro_f1,
    "偶然を除いた一致（κ）": agreement.kappa,
    "目標を付けた割合": agreement.coverage,
}, name="値").to_frame().round(2)

# %% [markdown]
# ## どの目標を取り違えるか
#
# 行が人、列が機械です。斜めの線の上が一致です。色は、人がその目標を付けた行に占める割合、数字は件数です。
# 「0」の列は、機械が「どの目標でもない」としたか、確かでないので人にまかせたものです。

# %%
confusion = agreement.confusion
confusion = confusion.loc[confusion.sum(axis=1) + confusion.sum() > 0]
shares = confusion.div(confusion.sum(axis=1).clip(lower=1), axis=0)
named = {goal.id: goal.name for goal in made.plan.goals} | {"0": "どの目標でもない"}
labels = pd.Series([f"{one} {named.get(one, '')}" for one in confusion.index]).str.wrap(20)

figure, axes = plt.subplots(figsize=(9, 5), layout="constrained")
image = axes.imshow(100 * shares, cmap="Blues", vmin=0, vmax=100, aspect="auto")
for row, column in zip(*np.nonzero(confusion.to_numpy())):
    color = "white" if shares.iat[row, column] > 0.6 else "black"
    axes.text(column, row, confusion.iat[row, column], ha="center", va="center", color=color)
axes.set_xticks(range(confusion.shape[1]), confusion.columns)
axes.set_yticks(range(len(confusion)), labels + "（" + confusion.sum(axis=1).astype(str).to_numpy() + "件）")
axes.set(title=f"人の目標と機械の目標（n={agreement.n_rows}行）", xlabel="機械の目標（番号）", ylabel="人の目標")
figure.colorbar(image, label="その行に占める割合（%）")
plt.show()

# %% [markdown]
# ## 確信度は当たっているか
#
# 確信度 0.8 の意見を集めたら、8割が当たっているはずです。点が斜めの線より下なら、機械は自信を持ちすぎています。
# 縦の線は 95%区間です。件数の少ない点は、偶然に大きく動きます。

# %%
bins = agreement.calibration.query("n > 0")
n, right = bins["n"].to_numpy(), bins["right"].to_numpy()
z = 1.96  # ウィルソンの95%区間
middle = (right + z**2 / (2 * n)) / (1 + z**2 / n)
half = z * np.sqrt(right * (1 - right) / n + z**2 / (4 * n**2)) / (1 + z**2 / n)

figure, axes = plt.subplots(figsize=(5.5, 5.5), layout="constrained")
axes.plot([0, 1], [0, 1], "--", color="0.6", label="確信度のとおりに当たるとき")
axes.vlines(bins["confidence"], middle - half, middle + half, color="C0")
axes.plot(bins["confidence"], right, "o-", color="C0", label="実際に当たった割合と95%区間")
for x, y, count in zip(bins["confidence"], right, n):
    axes.annotate(f"{count}件", (x, y), xytext=(6, -10), textcoords="offset points", fontsize=9)
axes.set(xlim=(0, 1.08), ylim=(0, 1.03), xlabel="確信度の平均（0〜1）", ylabel="当たった割合（0〜1）")
axes.set_title(f"確信度と実際（機械が目標を付けた行 n={n.sum()}）")
figure.legend(loc="outside lower center")
plt.show()

# %% [markdown]
# ## 例文を増やすと、良くなりそうか
#
# 計画の例文を一部だけにして、同じ行で採点します。左端は例文なし（規則だけ）です。
# 例文が数千あると、20秒ほどかかります。
# 右端でまだ上がっていれば、例文を足す値打ちがあります。平らなら、規則や辞書を見直すほうが効きます。
# 帯は、採点に使った行の選び方による95%区間です。**確認を続けたときの伸びではありません**（人の判断から学ぶ分は入れていません）。

# %%
curve = made.learning_curve(LABELS, shares=[0, 0.05, 0.1, 0.25, 1])

figure, axes = plt.subplots(figsize=(7, 4.5), layout="constrained")
axes.fill_between(curve["n_examples"], curve["accuracy_low"], curve["accuracy_high"], color="C0", alpha=0.2, label="正解率の95%区間")
axes.plot(curve["n_examples"], curve["accuracy"], "o-", color="C0", label="正解率")
axes.plot(curve["n_examples"], curve["macro_f1"], "s--", color="C1", label="目標ごとの F1 の平均")
axes.set(title=f"例文の数と当たりかた（n={curve['n_rows'].max()}行）", xlabel="学んだ例文の数（文）", ylabel="値（0〜1）", ylim=(0, 1))
axes.legend(loc="lower right")
plt.show()
curve.round(3)

# %% [markdown]
# ## つぎに確かめるとよい意見
#
# 確信度の低いものから読むと、少ない手間で多くのまちがいが見つかります。

# %%
unsure = made.opinions.query("goal_id != '' and reviewed == 0 and duplicate_of == ''")
unsure.nsmallest(10, "goal_confidence")[["opinion_id", "goal_id", "goal_id_2", "goal_confidence", "text"]]
