"""The Kubernetes resources: rendered by kustomize, valid by the published schemas, shut tight."""

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

from tocsin_cli.access import bindings, load_principals
from tocsin_cli.acls import read_principals, strimzi_users
from tocsin_schemas.topics import TOPICS

FOLDER = Path(__file__).parents[2] / "deploy" / "kubernetes"
KUSTOMIZATIONS = ("base", "overlays/external-kafka", "overlays/strimzi")
VERSIONS = ("1.30", "1.37")
"""The oldest and the newest release whose schemas the resources are held against."""
SERVICES = {"ingest", "classifier", "notifier", "deliver"}

Resource = dict[str, Any]


def render(name: str) -> list[Resource]:
    program = shutil.which("kustomize")
    command = [program, "build"] if program else ["kubectl", "kustomize"]
    done = subprocess.run(
        [*command, str(FOLDER / name)], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr
    return list(yaml.safe_load_all(done.stdout))


@pytest.fixture(scope="module", params=KUSTOMIZATIONS)
def resources(request: pytest.FixtureRequest) -> list[Resource]:
    return render(request.param)


def of_kind(resources: list[Resource], *kinds: str) -> dict[str, Resource]:
    return {one["metadata"]["name"]: one for one in resources if one["kind"] in kinds}


def pods(resources: list[Resource]) -> dict[str, Resource]:
    workloads = of_kind(resources, "StatefulSet", "Job")
    return {name: one["spec"]["template"] for name, one in workloads.items()}


@pytest.mark.parametrize("version", VERSIONS)
def test_every_resource_fits_the_schema(resources: list[Resource], version: str) -> None:
    """No unknown field, no wrong type, by Kubernetes' own schemas; Strimzi's kinds are its own."""
    ours = [one for one in resources if "strimzi.io" not in one["apiVersion"]]
    assert len(ours) > 15
    for one in ours:
        kubernetes_validate.validate(one, version, strict=True)


def test_the_schema_check_notices_a_wrong_field() -> None:
    """The check above can fail."""
    broken = of_kind(render("base"), "StatefulSet")["classifier"]
    broken["spec"]["template"]["spec"]["containers"][0]["readynessProbe"] = {}
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(broken, VERSIONS[-1], strict=True)


def test_pods_fit_the_restricted_standard(resources: list[Resource]) -> None:
    """No root, no capability, nothing writable; and the namespace asks for it."""
    (namespace,) = of_kind(resources, "Namespace").values()
    assert namespace["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] == "restricted"
    assert pods(resources).keys() == SERVICES | {"topics"}
    for pod in pods(resources).values():
        spec = pod["spec"]
        assert spec["securityContext"]["runAsNonRoot"] is True
        assert spec["securityContext"]["runAsUser"] == 999, "as in deploy/Dockerfile"
        assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        assert spec["automountServiceAccountToken"] is False
        assert not {"hostNetwork", "hostPID", "hostIPC"} & spec.keys()
        assert all({"hostPath"}.isdisjoint(volume) for volume in spec["volumes"])
        (container,) = spec["containers"]
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }
        assert container["resources"]["requests"].keys() == {"cpu", "memory"}
        assert "memory" in container["resources"]["limits"]
        assert container["command"][0].startswith("tocsin"), "no shell"


def test_services_are_probed_and_keep_their_names(resources: list[Resource]) -> None:
    """Alive and ready are two questions; the instance id is the pod's stable name."""
    for name, one in of_kind(resources, "StatefulSet").items():
        (container,) = one["spec"]["template"]["spec"]["containers"]
        assert container["livenessProbe"]["httpGet"]["path"] == "/healthz"
        assert container["readinessProbe"]["httpGet"]["path"] == "/readyz"
        variables = {entry["name"]: entry for entry in container["env"]}
        field = variables["TOCSIN_INSTANCE_ID"]["valueFrom"]["fieldRef"]["fieldPath"]
        assert field == "metadata.name"
        port = container["ports"][0]["containerPort"]
        assert variables["TOCSIN_HTTP_PORT"]["value"] == str(port)
        assert of_kind(resources, "Service")[name]["spec"]["ports"][0]["port"] == port


def test_a_drain_takes_one_pod_and_never_hangs(resources: list[Resource]) -> None:
    """Each service has a budget that allows one to go, also where there is one."""
    budgets = of_kind(resources, "PodDisruptionBudget")
    assert budgets.keys() == SERVICES
    for name, budget in budgets.items():
        assert budget["spec"]["maxUnavailable"] == 1
        labels = pods(resources)[name]["metadata"]["labels"]
        assert budget["spec"]["selector"]["matchLabels"].items() <= labels.items()


def test_no_more_classifiers_and_notifiers_than_partitions(resources: list[Resource]) -> None:
    """Those beyond would have nothing to do."""
    for name, topic in (("classifier", "articles"), ("notifier", "detections")):
        replicas = of_kind(resources, "StatefulSet")[name]["spec"]["replicas"]
        assert 2 <= replicas <= TOPICS[topic].partitions
    assert of_kind(resources, "StatefulSet")["ingest"]["spec"]["replicas"] == 1


def test_each_pod_comes_as_its_own_principal(resources: list[Resource]) -> None:
    """User name and secret are those of the table of access lists, encrypted, from a file."""
    settings = next(
        one["data"] for name, one in of_kind(resources, "ConfigMap").items() if "settings" in name
    )
    assert settings["TOCSIN_KAFKA_SECURITY_PROTOCOL"] == "SASL_SSL"
    assert settings["TOCSIN_KAFKA_SASL_PASSWORD_FILE"].startswith("/etc/tocsin/kafka/")
    assert not any("PASSWORD" in name and "FILE" not in name for name in settings)
    for name, pod in pods(resources).items():
        spec = pod["spec"]
        principal = "tocsin-setup" if name == "topics" else f"tocsin-{name}"
        assert principal.removeprefix("tocsin-") in load_principals()
        variables = {entry["name"]: entry for entry in spec["containers"][0]["env"]}
        assert variables["TOCSIN_KAFKA_SASL_USERNAME"]["value"] == principal
        volumes = {volume["name"]: volume for volume in spec["volumes"]}
        assert volumes["kafka"]["secret"]["secretName"] == principal
        mounted = {mount["name"] for mount in spec["containers"][0]["volumeMounts"]}
        assert mounted <= volumes.keys() | {"data"}


def test_the_network_is_shut_but_for_what_is_named(resources: list[Resource]) -> None:
    """Everything is denied first; what goes outside reaches no private address."""
    policies = of_kind(resources, "NetworkPolicy")
    assert policies["nothing"]["spec"]["policyTypes"] == ["Ingress", "Egress"]
    assert not {"ingress", "egress"} & policies["nothing"]["spec"].keys()
    outside = policies["outside"]["spec"]
    assert set(outside["podSelector"]["matchExpressions"][0]["values"]) == {"ingest", "deliver"}
    blocks = [block["ipBlock"] for block in outside["egress"][0]["to"]]
    private = {"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16"}
    assert private <= {*blocks[0]["except"]}
    assert all(block["except"] for block in blocks)


def test_strimzis_users_are_those_of_the_table() -> None:
    """`tocsin acls print --strimzi > .../users.yaml` after a change of the table."""
    committed = (FOLDER / "overlays" / "strimzi" / "users.yaml").read_text("utf-8")
    assert committed == strimzi_users(bindings("", read_principals([])))


def test_with_strimzi_the_broker_is_reached_and_nothing_else() -> None:
    """Bootstrap address, secret of the certificate and policy name Strimzi's cluster."""
    resources = render("overlays/strimzi")
    (kafka,) = of_kind(resources, "Kafka").values()
    cluster = kafka["metadata"]["name"]
    listener = kafka["spec"]["kafka"]["listeners"][0]
    assert listener["tls"] is True
    settings = next(
        one["data"] for name, one in of_kind(resources, "ConfigMap").items() if "settings" in name
    )
    bootstrap = f"{cluster}-kafka-bootstrap:{listener['port']}"
    assert settings["TOCSIN_KAFKA_BOOTSTRAP"] == bootstrap
    for pod in pods(resources).values():
        volumes = {volume["name"]: volume for volume in pod["spec"]["volumes"]}
        assert volumes["kafka-ca"]["secret"]["secretName"] == f"{cluster}-cluster-ca-cert"
    rule = of_kind(resources, "NetworkPolicy")["broker-and-names"]["spec"]["egress"][1]
    assert rule["ports"][0]["port"] == listener["port"]
    assert rule["to"][0]["podSelector"]["matchLabels"] == {"strimzi.io/cluster": cluster}


def test_traces_go_to_the_collector_where_an_overlay_wants_them(tmp_path: Path) -> None:
    """Setting and way out come with the component, and only with it."""
    parts = {name: os.path.relpath(FOLDER / name, tmp_path.resolve())
             for name in ("overlays/external-kafka", "components/tracing")}  # fmt: skip
    overlay = {
        "apiVersion": "kustomize.config.k8s.io/v1beta1",
        "kind": "Kustomization",
        "resources": [parts["overlays/external-kafka"]],
        "components": [parts["components/tracing"]],
    }
    (tmp_path / "kustomization.yaml").write_text(yaml.safe_dump(overlay), "utf-8")
    traced = render(str(tmp_path.resolve()))
    settings = next(
        one["data"] for name, one in of_kind(traced, "ConfigMap").items() if "settings" in name
    )
    assert settings["TOCSIN_OTLP_ENDPOINT"] == "http://collector.observability:4318"
    assert settings["TOCSIN_KAFKA_BOOTSTRAP"] == "kafka.example:9093"
    policy = of_kind(traced, "NetworkPolicy")["traces"]
    kubernetes_validate.validate(policy, VERSIONS[-1], strict=True)
    assert policy["spec"]["egress"][0]["ports"] == [{"port": 4318, "protocol": "TCP"}]
    plain = render("overlays/external-kafka")
    assert "traces" not in of_kind(plain, "NetworkPolicy")
