"""policy.py - what every rendering of ours must be. A rule is a function that is given the cluster and yields what is wrong,
in a sentence; RULES at the end lists them. Kubernetes itself would take all of this and go wrong later, or be open."""
import re

from cluster import PORTS, labels, name, seconds, selects

# Whoever runs the cluster makes these, or apply does; they are in no manifest.
SECRETS = {"kafkloud-token", "consumer-store", "kafka-credentials", "postgres-password", "kafkloud-iap"}
MAPS = {"kafka-cluster"}
STARTUP_MAX_S = 600
CLUSTER_WIDE = {"Namespace", "PersistentVolume"}
COMPONENTS = {"producer", "consumer", "steward", "seer", "portal", "streamer", "postgres"}


def containers(cluster):
    for w in cluster.workloads:
        for c in w.containers + w.pod.get("initContainers", []):
            yield w, c


# ---- what runs ---------------------------------------------------------------------------------------------------------

def images_have_a_version(cluster):
    for w, c in containers(cluster):
        tag = c["image"].rpartition("/")[2].partition(":")[2]
        if tag in ("", "latest", "set-by-make"):
            yield f"{w.name}: image {c['image']} has no version"
        if c.get("imagePullPolicy") != "IfNotPresent":
            yield f"{w.name}: imagePullPolicy is not IfNotPresent"


def probes_mean_what_they_should(cluster):
    for w in cluster.workloads:
        startup, live, ready = (w.main.get(p + "Probe") for p in ("startup", "liveness", "readiness"))
        if not (startup and live and ready):
            yield f"{w.name}: wants a startup, a liveness and a readiness probe"
            continue
        handlers = [{k: v for k, v in p.items() if k in ("httpGet", "exec", "tcpSocket", "grpc")} for p in (live, ready)]
        if handlers[0] == handlers[1]:
            yield f"{w.name}: liveness and readiness ask the same: who waits for another would be killed for it"
        if startup.get("failureThreshold", 3) * startup.get("periodSeconds", 10) > STARTUP_MAX_S:
            yield f"{w.name}: a start may take more than {STARTUP_MAX_S} s"
        if w.ours:
            for probe, path in ((startup, "/livez"), (live, "/livez"), (ready, "/readyz")):
                if probe.get("httpGet", {}).get("path") != path:
                    yield f"{w.name}: a probe asks for {probe.get('httpGet', {}).get('path')} where {path} is meant"


def amount(text):
    number, unit = re.fullmatch(r"([0-9.]+)([a-zA-Z]*)", str(text)).groups()
    return float(number) * {"": 1, "m": 0.001, "Ki": 2**10, "Mi": 2**20, "Gi": 2**30, "Ti": 2**40}[unit]


def resources_are_bounded(cluster):
    for w, c in containers(cluster):
        requests, limits = (c.get("resources", {}).get(k, {}) for k in ("requests", "limits"))
        for what in ("cpu", "memory"):
            if what not in requests or what not in limits:
                yield f"{w.name}: {what} wants a request and a limit"
            elif amount(requests[what]) > amount(limits[what]):
                yield f"{w.name}: asks for more {what} than it may have"


def pods_are_restricted(cluster):
    for w, c in containers(cluster):
        pod, own = w.pod.get("securityContext", {}), c.get("securityContext", {})
        wanted = (
            (pod.get("runAsNonRoot") is True and pod.get("runAsUser") == 65532, "runs as somebody else than 65532"),
            (pod.get("seccompProfile", {}).get("type") == "RuntimeDefault", "has no seccomp profile RuntimeDefault"),
            (own.get("allowPrivilegeEscalation") is False, "may escalate its privileges"),
            (own.get("readOnlyRootFilesystem") is True, "may write to its root file system"),
            (own.get("capabilities", {}).get("drop") == ["ALL"] and not own["capabilities"].get("add"), "keeps capabilities"),
            (not any(w.pod.get(k) for k in ("hostNetwork", "hostPID", "hostIPC")), "shares the node's namespaces"),
            (not any("hostPath" in v for v in w.pod.get("volumes", [])), "sees the node's files"),
            (not w.spec.get("volumeClaimTemplates") or pod.get("fsGroup") == 65532, "cannot write to its volume: fsGroup"),
        )
        for holds, text in wanted:
            if not holds:
                yield f"{w.name}: {text}"
    for ns in cluster.of("Namespace"):
        if labels(ns).get("pod-security.kubernetes.io/enforce") != "restricted":
            yield f"namespace {name(ns)}: Pod Security is not enforced as restricted"


def pods_know_nothing_of_the_cluster(cluster):
    accounts = {name(a): a for a in cluster.of("ServiceAccount")}
    for w in cluster.workloads:
        if w.pod.get("enableServiceLinks") is not False:
            yield f"{w.name}: enableServiceLinks is not false: KAFKA_* of other Services would be taken for settings"
        if w.pod.get("automountServiceAccountToken") is not False:
            yield f"{w.name}: the pod gets a token of the API server"
        account = accounts.get(w.pod.get("serviceAccountName"))
        if not account:
            yield f"{w.name}: has no ServiceAccount of its own"
        elif account.get("automountServiceAccountToken") is not False:
            yield f"{w.name}: its ServiceAccount hands out tokens"


def the_way_out_fits(cluster):
    """preStop and lame duck are for the others to take over, DRAIN for what is in flight, and the grace is longer than all."""
    for w in cluster.workloads:
        if not w.ours:
            continue
        missing = [s for s in ("LAME_DUCK", "DRAIN") if not w.settings.get(s)]
        for setting in missing:
            yield f"{w.name}: {setting} is not set"
        if missing:
            continue
        sleep = w.main.get("lifecycle", {}).get("preStop", {}).get("sleep", {}).get("seconds", 0)
        lame = seconds(w.settings["LAME_DUCK"])
        if w.kind == "Deployment" and not (sleep and lame):
            yield f"{w.name}: wants preStop.sleep and LAME_DUCK: calls still come when it has begun to stop"
        if w.kind == "StatefulSet" and (sleep or lame):
            yield f"{w.name}: preStop.sleep and LAME_DUCK only make the gap longer until its successor starts"
        way = sleep + lame + seconds(w.settings["DRAIN"])
        grace = w.pod.get("terminationGracePeriodSeconds", 30)
        if grace < way + 5:
            yield f"{w.name}: is killed after {grace} s, and its way out takes {way:g} s and some"


# ---- settings ----------------------------------------------------------------------------------------------------------

def settings_are_known(cluster):
    for w in cluster.workloads:
        known = cluster.known.get(w.name)
        if known is None:
            continue
        for setting in sorted(w.settings):
            if setting not in known and not setting.startswith("POD_"):
                yield f"{w.name}: {setting} is no setting of its"


def secrets_stay_outside(cluster):
    for secret in cluster.of("Secret"):
        yield f"Secret {name(secret)} is in a manifest"
    for w in cluster.workloads:
        for setting, value in w.settings.items():
            secret = re.search(r"PASSWORD|TOKEN|SECRET|CREDENTIAL", setting) or "://" in str(value) and "@" in str(value)
            if secret and value and not str(value).startswith("/"):
                yield f"{w.name}: {setting} is told in the open"


def config_maps_roll(cluster):
    for m in cluster.of("ConfigMap"):
        if not re.search(r"-[a-z0-9]{10}$", name(m)) and labels(m).get("component") in COMPONENTS | {"kafka-client"}:
            yield f"ConfigMap {name(m)} has no hash in its name: a change would not roll the pods"


def references_lead_somewhere(cluster):
    for w in cluster.workloads:
        volumes = {v["name"] for v in w.pod.get("volumes", [])} | {name(t) for t in w.spec.get("volumeClaimTemplates", [])}
        secrets = [v["secret"]["secretName"] for v in w.pod.get("volumes", []) if "secret" in v]
        maps = [s["configMapRef"]["name"] for s in w.main.get("envFrom", []) if "configMapRef" in s]
        for row in w.main.get("env", []):
            secrets += [r["name"] for k, r in row.get("valueFrom", {}).items() if k == "secretKeyRef"]
            maps += [r["name"] for k, r in row.get("valueFrom", {}).items() if k == "configMapKeyRef"]
        mounts = {m["name"]: m["mountPath"] for m in w.main.get("volumeMounts", [])}
        for gone in set(mounts) ^ volumes:
            yield f"{w.name}: volume {gone} is mounted and not there, or there and not mounted"
        for gone in set(secrets) - SECRETS:
            yield f"{w.name}: nobody makes the Secret {gone}"
        for gone in set(maps) - set(cluster.maps) - MAPS:
            yield f"{w.name}: there is no ConfigMap {gone}"
        for setting in ("API_TOKEN_FILE", "UPSTREAM_TOKEN_FILE", "STORE_FILE", "POSTGRES_PASSWORD_FILE"):
            path = w.settings.get(setting)
            if path and path.rpartition("/")[0] not in mounts.values():
                yield f"{w.name}: {setting} is {path}, where nothing is mounted"


# ---- who may come in ---------------------------------------------------------------------------------------------------

def is_published(cluster):
    return bool(cluster.of("Gateway", "Ingress", "HTTPRoute")) or any(s["spec"].get("type") == "LoadBalancer" for s in cluster.of("Service"))


def behind_iap(cluster, service):
    return any(p["spec"]["targetRef"]["name"] == service and p["spec"]["default"].get("iap", {}).get("enabled") is True
               and p["spec"]["default"]["iap"].get("oauth2ClientSecret", {}).get("name")
               for p in cluster.of("GCPBackendPolicy"))


def nothing_is_open_by_accident(cluster):
    for w in cluster.workloads:
        if not w.ours:
            continue
        token, opened = w.settings.get("API_TOKEN_FILE"), w.settings.get("ALLOW_OPEN") == "yes"
        if token and opened:
            yield f"{w.name}: has a token, and ALLOW_OPEN as well"
        if not token and not opened:
            yield f"{w.name}: neither token nor ALLOW_OPEN: it would refuse to start"
        if opened and is_published(cluster) and not behind_iap(cluster, w.name + "-svc"):
            yield f"{w.name}: is published without a token and without Identity-Aware Proxy"
        if opened and is_published(cluster) and not any(
                policy["spec"]["podSelector"].get("matchLabels", {}).get("component") == w.name and
                all(way.get("from") for way in policy["spec"].get("ingress", [{}])) for policy in cluster.of("NetworkPolicy")):
            yield f"{w.name}: Identity-Aware Proxy can be gone around: no NetworkPolicy keeps others out"
    for w in cluster.workloads:
        for v in w.pod.get("volumes", []):
            if v.get("secret", {}).get("optional"):
                yield f"{w.name}: its Secret is optional: it would start without"


def services_lead_to_pods(cluster):
    for s in cluster.of("Service"):
        chosen = [w for w in cluster.workloads if selects({"matchLabels": s["spec"].get("selector", {})}, w.labels)]
        if len(chosen) != 1:
            yield f"Service {name(s)} selects {len(chosen)} workloads"
            continue
        named = {p["name"]: p["containerPort"] for p in chosen[0].main.get("ports", [])}
        for port in s["spec"]["ports"]:
            target = port.get("targetPort")
            if target not in named or named[target] != port["port"]:
                yield f"Service {name(s)}: port {port['port']} leads to {target}, which {chosen[0].name} does not have there"
            documented = PORTS.get(chosen[0].name)
            if s["spec"].get("type") == "NodePort" and port.get("nodePort") != documented:
                yield f"Service {name(s)}: node port {port.get('nodePort')}, documented {documented}"


def network_policies_fit(cluster):
    ports = {w.name: {p["containerPort"] for p in w.main.get("ports", [])} for w in cluster.workloads}
    for policy in cluster.of("NetworkPolicy"):
        chosen = policy["spec"]["podSelector"].get("matchLabels", {}).get("component")
        if chosen and chosen not in COMPONENTS:
            yield f"NetworkPolicy {name(policy)} is for {chosen}, which does not exist"
        for way in policy["spec"].get("ingress", []):
            for port in way.get("ports", []):
                # What only a streamer of several nodes listens on is no container port of the one-node manifest.
                if chosen in ports and port["port"] not in ports[chosen] | ({9093, 9094} if chosen == "streamer" else set()):
                    yield f"NetworkPolicy {name(policy)} lets port {port['port']} in, which {chosen} does not have"
    if cluster.of("NetworkPolicy"):
        kept = {p["spec"]["podSelector"].get("matchLabels", {}).get("component") for p in cluster.of("NetworkPolicy")}
        for w in cluster.workloads:
            if w.name not in kept:
                yield f"{w.name}: the network is closed, and no policy opens what it needs"


# ---- rolls, drains and scale -------------------------------------------------------------------------------------------

def least_pods(cluster, w):
    """How many there are at least: what is applied, or an autoscaler's least."""
    for scaler in cluster.of("HorizontalPodAutoscaler", "ScaledObject"):
        if scaler["spec"]["scaleTargetRef"]["name"] == w.name:
            return scaler["spec"].get("minReplicas", scaler["spec"].get("minReplicaCount", 1))
    return w.replicas


def several_pods_survive_a_drain(cluster):
    for w in cluster.workloads:
        budgets = [b for b in cluster.of("PodDisruptionBudget") if selects(b["spec"]["selector"], w.labels)]
        least = least_pods(cluster, w)
        if least > 1 and len(budgets) != 1:
            yield f"{w.name}: {least} pods and {len(budgets)} PodDisruptionBudgets"
        if least == 1 and budgets:
            yield f"{w.name}: one pod and a PodDisruptionBudget: its node could never be drained"
        spread = w.pod.get("topologySpreadConstraints") or w.pod.get("affinity", {}).get("podAntiAffinity")
        if least > 1 and not spread:
            yield f"{w.name}: nothing keeps its pods apart"
        rolling = w.spec.get("strategy", {}).get("rollingUpdate", {})
        if w.kind == "Deployment" and rolling.get("maxUnavailable") != 0:
            yield f"{w.name}: a roll may take a pod away before its successor is ready"
    for b in cluster.of("PodDisruptionBudget"):
        if not any(selects(b["spec"]["selector"], w.labels) for w in cluster.workloads):
            yield f"PodDisruptionBudget {name(b)} selects nothing"


def autoscalers_have_targets(cluster):
    for scaler in cluster.of("HorizontalPodAutoscaler", "ScaledObject"):
        target = scaler["spec"]["scaleTargetRef"]
        found = [w for w in cluster.workloads if (w.kind, w.name) == (target["kind"], target["name"])]
        if not found:
            yield f"{scaler['kind']} {name(scaler)}: there is no {target['kind']} {target['name']}"
        elif "replicas" in found[0].spec:
            yield f"{found[0].name}: has replicas and an autoscaler: each apply would put the number back"


def stores_of_one_have_one_pod(cluster):
    for w in cluster.workloads:
        if w.kind == "StatefulSet" and w.ours and w.replicas != 1:
            yield f"{w.name}: {w.replicas} pods, each with a store of its own: half of the receipts would be in neither"


# ---- order -------------------------------------------------------------------------------------------------------------

def objects_are_found_by_their_labels(cluster):
    space = next(iter(cluster.names("Namespace")), None)
    for m in cluster.all:
        if labels(m).get("app") != "kafkloud" or not labels(m).get("component"):
            yield f"{m['kind']} {name(m)}: labels app and component are missing: delete and query would not find it"
        if m["kind"] not in CLUSTER_WIDE and m["metadata"].get("namespace") != space:
            yield f"{m['kind']} {name(m)} is in namespace {m['metadata'].get('namespace')}, not {space}"
    for w in cluster.workloads:
        if not selects(w.spec["selector"], w.labels):
            yield f"{w.name}: does not select its own pods"
        for key in w.spec["selector"].get("matchLabels", {}):
            if "version" in key:
                yield f"{w.name}: selects by version: no new one could be rolled out"


def scrapes_hit_a_port(cluster):
    for monitor in cluster.of("ServiceMonitor"):
        chosen = [s for s in cluster.of("Service") if selects(monitor["spec"]["selector"], labels(s))]
        for endpoint in monitor["spec"]["endpoints"]:
            there = [s for s in chosen if endpoint["port"] in {p["name"] for p in s["spec"]["ports"]}]
            if len(there) < len(PORTS):
                yield f"ServiceMonitor {name(monitor)}: port {endpoint['port']} is on {len(there)} Services of {len(PORTS)}"


RULES = (images_have_a_version, probes_mean_what_they_should, resources_are_bounded, pods_are_restricted,
         pods_know_nothing_of_the_cluster, the_way_out_fits, settings_are_known, secrets_stay_outside,
         config_maps_roll, references_lead_somewhere, nothing_is_open_by_accident, services_lead_to_pods, network_policies_fit,
         several_pods_survive_a_drain, autoscalers_have_targets, stores_of_one_have_one_pod, objects_are_found_by_their_labels,
         scrapes_hit_a_port)


def wrong(cluster):
    """All that is wrong with a cluster, as (rule, sentence). cluster.known: the settings of each program, by its name."""
    return [(rule.__name__, text) for rule in RULES for text in rule(cluster)]
