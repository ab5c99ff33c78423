"""wait_test.py - when a workload counts as rolled out, and when a pod's waiting is in vain."""
import pathlib
import sys
import unittest.mock

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
import wait  # noqa: E402


def workload(kind, wanted, generation=2, **status):
    return {"kind": kind, "metadata": {"name": "w", "generation": generation}, "spec": {"replicas": wanted}, "status": status}


# What it is, the workload, how many of its pods count.
STATES = (
    ("all of them are there", workload("Deployment", 2, observedGeneration=2, replicas=2, updatedReplicas=2, readyReplicas=2), 2),
    ("nobody has looked at the manifest yet", workload("Deployment", 2, observedGeneration=1, replicas=2, updatedReplicas=2, readyReplicas=2), -1),
    ("the new pods are not ready", workload("Deployment", 2, observedGeneration=2, replicas=2, updatedReplicas=2, readyReplicas=1), 1),
    ("the old ones are ready, and still there", workload("Deployment", 2, observedGeneration=2, replicas=3, updatedReplicas=2, readyReplicas=3), 1),
    ("a set of which one is new",
     workload("StatefulSet", 3, observedGeneration=2, replicas=3, updatedReplicas=1, readyReplicas=3, updateRevision="b", currentRevision="a"), 1),
    ("a set that has come to its end",
     workload("StatefulSet", 3, observedGeneration=2, replicas=3, updatedReplicas=3, readyReplicas=3, updateRevision="b", currentRevision="b"), 3),
    ("a set that is being made", workload("StatefulSet", 1, observedGeneration=2, replicas=1, updateRevision="a", currentRevision="a"), 0),
)


def pod(reason=None):
    state = {"waiting": {"reason": reason, "message": "why"}} if reason else {"running": {}}
    return {"metadata": {"uid": "1", "name": "p"}, "status": {"containerStatuses": [{"state": state, "ready": not reason}]}}


# What it is, what the pod says at each second that is named, whether that is in vain in the end.
WAITS = (
    ("an image that is on its way", ((0, "ErrImagePull"), (5, None)), False),
    ("an image that never comes", ((0, "ErrImagePull"), (15, "ImagePullBackOff"), (31, "ErrImagePull")), True),
    ("a pod that is being made", ((0, "ContainerCreating"), (300, "ContainerCreating")), False),
    ("one crash", ((0, "CrashLoopBackOff"), (20, None)), False),
    ("crash upon crash", ((0, "CrashLoopBackOff"), (40, None), (91, "CrashLoopBackOff")), True),
    ("a name that is none", ((0, "InvalidImageName"), (1, "InvalidImageName")), True),
)


def in_vain(story):
    since, found = {}, False
    for second, reason in story:
        with unittest.mock.patch("time.monotonic", return_value=second):
            found = wait.hopeless([pod(reason)], since)
    return found


def main():
    failed = [f"{what}: {wait.rolled_out(w)[0]} count" for what, w, count in STATES if wait.rolled_out(w)[0] != count]
    failed += [f"{what}: in vain: {in_vain(story)}" for what, story, wanted in WAITS if in_vain(story) != wanted]
    for text in failed:
        print("    " + text)
    total = len(STATES) + len(WAITS)
    print(f"  {'k8s/wait_test':<32} {total - len(failed)} passed, {len(failed)} failed")
    sys.exit(bool(failed))


if __name__ == "__main__":
    main()
