"""The same questions asked of Chroma, with the vectors its default pipeline makes (all-MiniLM-L6-v2).

    chroma.py MODEL_DIR QUESTIONS.tsv PASSAGES.ndjson CACHE.npz

The vectors of thousands of passages take many minutes of one core: they are kept in CACHE.npz."""
import hashlib
import json
import math
import re
import resource
import sys
import time
from pathlib import Path

import chromadb
import numpy as np

from minilm import MiniLM

KINDS = ("words", "paraphrase", "riddle")
BATCH = 2000


def flat(text):
    return re.sub(r"\s+", " ", text)


def vectors(model, passages, cache):
    digest = hashlib.sha256("\n".join(p["text"] for p in passages).encode()).hexdigest()
    if Path(cache).exists():
        kept = np.load(cache)
        if str(kept["digest"]) == digest:
            return kept["rows"], float(kept["seconds"])
    before = time.process_time()
    rows = model.embed([p["text"] for p in passages], progress=True)
    seconds = time.process_time() - before
    np.savez(cache, digest=digest, rows=rows, seconds=seconds)
    return rows, seconds


def wilson(hits, n, z=1.96):
    p = hits / n
    return z / (1 + z * z / n) * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))


def row(kind, half, places):
    n = len(places)
    at = [sum(1 for p in places if p and p <= k) for k in (1, 5, 10)]
    mrr = sum(1 / p for p in places if p) / n
    return (f"| Chroma, MiniLM | {kind} | {half} | {n} | {at[0] / n:.3f} | {at[1] / n:.3f} ± {wilson(at[1], n):.3f} |"
            f" {at[2] / n:.3f} | {mrr:.3f} |")


def main(model_dir, questions_path, passages_path, cache):
    passages = [json.loads(line) for line in open(passages_path)]
    questions = [line.rstrip("\n").split("\t") for line in open(questions_path) if not line.startswith("#")]
    questions = [q for q in questions if q[1] in KINDS]
    model = MiniLM(model_dir)
    rows, seconds = vectors(model, passages, cache)
    collection = chromadb.EphemeralClient().create_collection("texts", metadata={"hnsw:space": "cosine"}, embedding_function=None)
    before = time.monotonic()
    for at in range(0, len(passages), BATCH):
        part = passages[at:at + BATCH]
        collection.add(ids=[str(at + i) for i in range(len(part))], embeddings=rows[at:at + BATCH], documents=[p["text"] for p in part])
    stored = time.monotonic() - before
    places, embed_ms, query_ms = {}, [], []
    for source, kind, half, question, phrase, _ in questions:
        start = time.monotonic()
        vector = model.embed([question])
        made = time.monotonic()
        found = collection.query(query_embeddings=vector, n_results=10)["ids"][0]
        query_ms.append((time.monotonic() - made) * 1000)
        embed_ms.append((made - start) * 1000)
        place = next((i + 1 for i, n in enumerate(found)
                      if passages[int(n)]["source"] == source and phrase in flat(passages[int(n)]["text"])), 0)
        places.setdefault((kind, half), []).append(place)
    print("\n| search | questions | half | n | recall@1 | recall@5 | recall@10 | MRR |\n| --- | --- | --- | --- | --- | --- | --- | --- |")
    for half in ("tune", "held"):
        for kind in KINDS:
            print(row(kind, half, places[kind, half]))
        print(row("words + paraphrase", half, places["words", half] + places["paraphrase", half]))
    p = lambda ms, share: sorted(ms)[int(len(ms) * share)]
    print("\n| Chroma | |\n| --- | --- |")
    print(f"| vectors of the passages | {seconds:.0f} s of processor ({len(passages) / max(seconds, 1e-9):.1f} passages/s) |")
    print(f"| storing them | {stored:.1f} s ({len(passages) / stored:.0f} passages/s) |")
    print(f"| a question's vector | p50 {p(embed_ms, .5):.1f} ms, p99 {p(embed_ms, .99):.1f} ms |")
    print(f"| the search with it | p50 {p(query_ms, .5):.1f} ms, p99 {p(query_ms, .99):.1f} ms |")
    print(f"| memory, at most | {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB |")


if __name__ == "__main__":
    main(*sys.argv[1:])
