"""policy_test.py - each rule finds what it is for: a small good cluster is broken in one place, and exactly that is said."""
import sys

import policy
from cluster import Cluster, load
from schemas import differs

GOOD = """
apiVersion: v1
kind: Namespace
metadata: {name: kafkloud, labels: {app: kafkloud, component: namespace, pod-security.kubernetes.io/enforce: restricted}}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: producer, namespace: kafkloud, labels: {app: kafkloud, component: producer}}
automountServiceAccountToken: false
---
apiVersion: v1
kind: ConfigMap
metadata: {name: producer-0123456789, namespace: kafkloud, labels: {app: kafkloud, component: producer}}
data: {LAME_DUCK: 5s, DRAIN: 20s, API_TOKEN_FILE: /var/run/kafkloud/token}
---
apiVersion: v1
kind: Service
metadata: {name: producer-svc, namespace: kafkloud, labels: {app: kafkloud, component: producer}}
spec:
  type: NodePort
  selector: {app: kafkloud, component: producer}
  ports: [{name: http, port: 8000, targetPort: http, nodePort: 30000}]
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: producer, namespace: kafkloud, labels: {app: kafkloud, component: producer}}
spec: {maxUnavailable: 1, selector: {matchLabels: {component: producer}}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: producer, namespace: kafkloud, labels: {app: kafkloud, component: producer}}
spec:
  replicas: 2
  strategy: {rollingUpdate: {maxUnavailable: 0}}
  selector: {matchLabels: {component: producer}}
  template:
    metadata: {labels: {app: kafkloud, component: producer}}
    spec:
      serviceAccountName: producer
      automountServiceAccountToken: false
      enableServiceLinks: false
      terminationGracePeriodSeconds: 40
      securityContext: {runAsNonRoot: true, runAsUser: 65532, fsGroup: 65532, seccompProfile: {type: RuntimeDefault}}
      topologySpreadConstraints: [{topologyKey: kubernetes.io/hostname}]
      volumes: [{name: token, secret: {secretName: kafkloud-token}}]
      containers:
        - name: producer
          image: registry:5000/kafkloud-producer:0.1.0-abc
          imagePullPolicy: IfNotPresent
          envFrom: [{configMapRef: {name: producer-0123456789}}]
          ports: [{name: http, containerPort: 8000}]
          volumeMounts: [{name: token, mountPath: /var/run/kafkloud}]
          startupProbe: {httpGet: {path: /livez, port: http}, periodSeconds: 1, failureThreshold: 60}
          livenessProbe: {httpGet: {path: /livez, port: http}}
          readinessProbe: {httpGet: {path: /readyz, port: http}}
          lifecycle: {preStop: {sleep: {seconds: 5}}}
          resources: {requests: {cpu: 100m, memory: 64Mi}, limits: {cpu: "1", memory: 1Gi}}
          securityContext: {allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: {drop: [ALL]}}
"""
NETWORK = """
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: NAME, namespace: kafkloud, labels: {app: kafkloud, component: network}}
spec: {podSelector: {matchLabels: {component: NAME}}, ingress: [{ports: [{port: PORT}]}]}
"""
ROUTE = """
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: portal, namespace: kafkloud, labels: {app: kafkloud, component: gateway}}
spec: {rules: []}
"""
SCALER = """
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: producer, namespace: kafkloud, labels: {app: kafkloud, component: producer}}
spec: {minReplicas: 2, scaleTargetRef: {kind: Deployment, name: producer}}
"""
MONITOR = """
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata: {name: kafkloud, namespace: kafkloud, labels: {app: kafkloud, component: monitoring}}
spec: {selector: {matchLabels: {app: kafkloud}}, endpoints: [{port: metrics}]}
"""
KNOWN = {"producer": {"LAME_DUCK", "DRAIN", "API_TOKEN_FILE", "ALLOW_OPEN", "KAFKA_SASL_PASSWORD"}}


class Broken:
    """The good cluster's manifests by kind, to be broken."""

    def __init__(self):
        self.manifests = load(GOOD)
        by_kind = {m["kind"]: m for m in self.manifests}
        self.namespace, self.account, self.map = (by_kind[k] for k in ("Namespace", "ServiceAccount", "ConfigMap"))
        self.service, self.budget, self.deployment = (by_kind[k] for k in ("Service", "PodDisruptionBudget", "Deployment"))
        self.spec = self.deployment["spec"]
        self.pod = self.spec["template"]["spec"]
        self.main = self.pod["containers"][0]

    def add(self, text):
        self.manifests += load(text)

    def drop(self, manifest):
        self.manifests.remove(manifest)

    def wrong(self):
        cluster = Cluster(self.manifests)
        cluster.known = KNOWN
        return policy.wrong(cluster)


def put(*path, value):
    """A break: sets what is at a path below an attribute of Broken; None takes it away."""
    def act(b):
        at = getattr(b, path[0])
        for step in path[1:-1]:
            at = at[step]
        if value is None:
            del at[path[-1]]
        else:
            at[path[-1]] = value
    return act


def added(text):
    return lambda b: b.add(text)


def network(name, port):
    return added(NETWORK.replace("NAME", name).replace("PORT", str(port)))


def published_and_open(b):
    b.map["data"].pop("API_TOKEN_FILE")
    b.map["data"]["ALLOW_OPEN"] = "yes"
    b.add(ROUTE)


def scaled_and_counted(b):
    b.add(SCALER)


def of_two_stores(b):
    b.deployment["kind"] = "StatefulSet"


# What is done, the rule that must notice, a word of what it says.
CASES = (
    ("an image without a tag", put("main", "image", value="registry:5000/kafkloud-producer"), "images_have_a_version", "no version"),
    ("the tag latest", put("main", "image", value="kafkloud-producer:latest"), "images_have_a_version", "no version"),
    ("an image pulled each time", put("main", "imagePullPolicy", value="Always"), "images_have_a_version", "IfNotPresent"),
    ("no readiness probe", put("main", "readinessProbe", value=None), "probes_mean_what_they_should", "wants a startup"),
    ("liveness that is readiness", put("main", "livenessProbe", "httpGet", "path", value="/readyz"), "probes_mean_what_they_should", "ask the same"),
    ("a start without a bound", put("main", "startupProbe", "failureThreshold", value=6000), "probes_mean_what_they_should", "600 s"),
    ("no memory limit", put("main", "resources", "limits", "memory", value=None), "resources_are_bounded", "memory"),
    ("a request above its limit", put("main", "resources", "requests", "memory", value="2Gi"), "resources_are_bounded", "more memory"),
    ("root", put("pod", "securityContext", "runAsUser", value=0), "pods_are_restricted", "65532"),
    ("a capability", put("main", "securityContext", "capabilities", value={"drop": ["ALL"], "add": ["NET_RAW"]}), "pods_are_restricted", "capabilities"),
    ("a writable root", put("main", "securityContext", "readOnlyRootFilesystem", value=False), "pods_are_restricted", "root file system"),
    ("escalation", put("main", "securityContext", "allowPrivilegeEscalation", value=None), "pods_are_restricted", "escalate"),
    ("no seccomp", put("pod", "securityContext", "seccompProfile", value=None), "pods_are_restricted", "seccomp"),
    ("the node's files", put("pod", "volumes", 0, value={"name": "token", "hostPath": {"path": "/"}}), "pods_are_restricted", "node's files"),
    ("the node's network", put("pod", "hostNetwork", value=True), "pods_are_restricted", "node's namespaces"),
    ("a namespace for anything", put("namespace", "metadata", "labels", "pod-security.kubernetes.io/enforce", value="baseline"), "pods_are_restricted", "Pod Security"),
    ("service links", put("pod", "enableServiceLinks", value=None), "pods_know_nothing_of_the_cluster", "enableServiceLinks"),
    ("a token of the API server", put("pod", "automountServiceAccountToken", value=True), "pods_know_nothing_of_the_cluster", "token of the API"),
    ("an account that hands out tokens", put("account", "automountServiceAccountToken", value=None), "pods_know_nothing_of_the_cluster", "hands out"),
    ("the default account", put("pod", "serviceAccountName", value="default"), "pods_know_nothing_of_the_cluster", "of its own"),
    ("no preStop", put("main", "lifecycle", value=None), "the_way_out_fits", "preStop"),
    ("a grace that is too short", put("pod", "terminationGracePeriodSeconds", value=34), "the_way_out_fits", "killed after 34 s"),
    ("a drain that grew", put("map", "data", "DRAIN", value="1m"), "the_way_out_fits", "70"),
    ("no lame duck", put("map", "data", "LAME_DUCK", value=None), "the_way_out_fits", "LAME_DUCK"),
    ("a gap that is longer than it must be", of_two_stores, "the_way_out_fits", "make the gap longer"),
    ("a setting that nobody knows", put("map", "data", "DRIAN", value="5s"), "settings_are_known", "DRIAN"),
    ("a Secret", added("{kind: Secret, apiVersion: v1, metadata: {name: s, namespace: kafkloud, labels: {app: kafkloud, component: producer}}}"), "secrets_stay_outside", "Secret s"),
    ("a password in the open", put("map", "data", "KAFKA_SASL_PASSWORD", value="hunter2"), "secrets_stay_outside", "in the open"),
    ("a map without a hash", put("map", "metadata", "name", value="producer"), "config_maps_roll", "hash"),
    ("a map that is not there", put("main", "envFrom", 0, value={"configMapRef": {"name": "gone"}}), "references_lead_somewhere", "ConfigMap gone"),
    ("a Secret that nobody makes", put("pod", "volumes", 0, "secret", "secretName", value="other"), "references_lead_somewhere", "Secret other"),
    ("a token file that is not mounted", put("main", "volumeMounts", 0, "mountPath", value="/elsewhere"), "references_lead_somewhere", "nothing is mounted"),
    ("a mount of nothing", put("main", "volumeMounts", 0, "name", value="gone"), "references_lead_somewhere", "volume"),
    ("neither token nor permission", put("map", "data", "API_TOKEN_FILE", value=None), "nothing_is_open_by_accident", "refuse to start"),
    ("open and with a token", put("map", "data", "ALLOW_OPEN", value="yes"), "nothing_is_open_by_accident", "as well"),
    ("published and open", published_and_open, "nothing_is_open_by_accident", "published without a token"),
    ("a token that may be missing", put("pod", "volumes", 0, "secret", "optional", value=True), "nothing_is_open_by_accident", "optional"),
    ("a Service of nobody", put("service", "spec", "selector", "component", value="prodcuer"), "services_lead_to_pods", "0 workloads"),
    ("a port of nobody", put("service", "spec", "ports", 0, "targetPort", value="web"), "services_lead_to_pods", "leads to web"),
    ("another node port", put("service", "spec", "ports", 0, "nodePort", value=30001), "services_lead_to_pods", "documented 30000"),
    ("a policy for nobody", network("prodcuer", 8000), "network_policies_fit", "does not exist"),
    ("a policy for another port", network("producer", 8001), "network_policies_fit", "8001"),
    ("a closed network", network("consumer", 8072), "network_policies_fit", "no policy opens"),
    ("two pods and no budget", lambda b: b.drop(b.budget), "several_pods_survive_a_drain", "0 PodDisruptionBudgets"),
    ("one pod and a budget", put("spec", "replicas", value=1), "several_pods_survive_a_drain", "never be drained"),
    ("a budget for nobody", put("budget", "spec", "selector", "matchLabels", "component", value="x"), "several_pods_survive_a_drain", "selects nothing"),
    ("pods side by side", put("pod", "topologySpreadConstraints", value=None), "several_pods_survive_a_drain", "apart"),
    ("a roll that takes away first", put("spec", "strategy", value={"rollingUpdate": {"maxUnavailable": 1}}), "several_pods_survive_a_drain", "before its successor"),
    ("a number and an autoscaler", scaled_and_counted, "autoscalers_have_targets", "put the number back"),
    ("an autoscaler of nobody", added(SCALER.replace("name: producer}}", "name: gone}}")), "autoscalers_have_targets", "no Deployment gone"),
    ("two pods of one store", of_two_stores, "stores_of_one_have_one_pod", "store of its own"),
    ("a label that is missing", put("service", "metadata", "labels", "component", value=None), "objects_are_found_by_their_labels", "app and component"),
    ("another namespace", put("service", "metadata", "namespace", value="default"), "objects_are_found_by_their_labels", "namespace default"),
    ("a selector of others", put("spec", "selector", "matchLabels", "component", value="portal"), "objects_are_found_by_their_labels", "its own pods"),
    ("a scrape of no port", added(MONITOR), "scrapes_hit_a_port", "port metrics"),
)
SHAPES = (
    ("a field too many", {"a": "text"}, {"a": "x", "b": 1}, "b is not a field"),
    ("a text for a number", {"a": [{"b": "number"}]}, {"a": [{"b": "1"}]}, "a[0].b is not a number"),
    ("a text for fields", {"a": {"b": "text"}}, {"a": "x"}, "a has no fields"),
)


def main():
    failed = []
    if Broken().wrong():
        failed.append(f"the good cluster is found wanting: {Broken().wrong()}")
    for what, act, rule, word in CASES:
        broken = Broken()
        act(broken)
        found = broken.wrong()
        if not any(r == rule and word in text for r, text in found):
            failed.append(f"{what}: {rule} does not say \"{word}\": {found}")
    for what, shape, value, text in SHAPES:
        if list(differs(shape, value, "")) != [text]:
            failed.append(f"{what}: {list(differs(shape, value, ''))}")
    unproven = {r.__name__ for r in policy.RULES} - {rule for _, _, rule, _ in CASES}
    if unproven:
        failed.append(f"no case breaks {', '.join(sorted(unproven))}")
    for text in failed:
        print("    " + text)
    total = 2 + len(CASES) + len(SHAPES)
    print(f"  {'k8s/policy_test':<32} {total - len(failed)} passed, {len(failed)} failed")
    sys.exit(bool(failed))


if __name__ == "__main__":
    main()
