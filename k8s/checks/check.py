"""check.py PROGRAMS SCHEMAS RENDERING ... - holds renderings (NAME.yaml) against the rules, the kinds' shapes, and the services'
own programs. A line a rendering, with its number of checks, and a line for the programs; before it what is wrong."""
import pathlib
import sys

import policy
import programs
from cluster import SERVICES, Cluster, load
from schemas import Schemas


def tell(name, total, wrong):
    for text in wrong:
        print("    " + text)
    print(f"  k8s/{name:<28} {total - min(len(wrong), total)} passed, {len(wrong)} failed")
    return not wrong


def check_rendering(path, known, schemas):
    cluster = Cluster(load(path.read_text(encoding="utf-8")))
    cluster.known = known
    wrong = [f"{rule}: {text}" for rule, text in policy.wrong(cluster)]
    wrong += [text for manifest in cluster.all for text in schemas.wrong(manifest)]
    return cluster, tell(path.stem, len(policy.RULES) + len(cluster.all), wrong)


def check_starts(folder, clusters):
    """Each service takes the settings of each rendering, and refuses those of the base: nobody has decided there who may come."""
    wrong, total, metrics, seen = [], 0, set(), set()
    for name, cluster in clusters.items():
        for w in (w for w in cluster.workloads if w.ours):
            told = (w.name, tuple(sorted((k, str(v)) for k, v in w.settings.items())))
            if told in seen:
                continue
            seen.add(told)
            total += 1
            with programs.Running(folder, w.name, w.settings) as running:
                if running.code() is not None:
                    wrong.append(f"{name}: {w.name} does not start: {running.said()}")
                elif running.warned():
                    wrong.append(f"{name}: {w.name}: {running.warned()}")
                else:
                    metrics |= running.metrics()
    for service in SERVICES:
        total += 1
        with programs.Running(folder, service, {}) as running:
            if running.code() != 64:
                wrong.append(f"{service} listens beyond loopback without a token and without ALLOW_OPEN: {running.said()}")
    return tell("settings", total, wrong), metrics


def check_metrics(clusters, there):
    asked = {row for cluster in clusters.values() for row in programs.asked_for(cluster)}
    gone = [(who, metric) for who, metric in sorted(asked)
            if metric not in there and not programs.without_kafka_unseen("steward", metric)]
    return tell("metrics", len(asked), [f"{who} asks for {metric}, which no service has" for who, metric in gone])


def main():
    folder, schemas = pathlib.Path(sys.argv[1]).resolve(), Schemas(sys.argv[2])
    known = programs.known(folder, SERVICES)
    clusters, right = {}, True
    for path in map(pathlib.Path, sys.argv[3:]):
        clusters[path.stem], good = check_rendering(path, known, schemas)
        right &= good
    good, metrics = check_starts(folder, clusters)
    right &= good
    right &= check_metrics(clusters, metrics)
    sys.exit(not right)


if __name__ == "__main__":
    main()
