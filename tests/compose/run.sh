#!/usr/bin/env bash
# Runs docker-compose.yml for real, from the image's build to the sample's alerts on a subscriber
# outside the containers; kills a service and the broker, lets an alert fire and end, replaces all
# containers, and looks whether the data is still there. Needs docker with compose, or podman with podman-compose:
#
#   tests/compose/run.sh
#
# Containers, network and volumes are those of a project of its own, removed at the end. With
# COMPOSE_WITHOUT="grafana ..." services are left out whose image cannot be had; COMPOSE_FILE may
# name files to lay over (docker-compose.yml first, separated by colons).
set -euo pipefail
cd "$(dirname "$0")/../.."

export COMPOSE_PROJECT_NAME=${COMPOSE_PROJECT_NAME:-tocsin-try}
export TOCSIN_PORT_KAFKA=${TOCSIN_PORT_KAFKA:-29092} TOCSIN_PORT_INGEST=${TOCSIN_PORT_INGEST:-28080}
export TOCSIN_PORT_DELIVER=${TOCSIN_PORT_DELIVER:-28083}
export TOCSIN_PORT_PROMETHEUS=${TOCSIN_PORT_PROMETHEUS:-29090}
export TOCSIN_PORT_GRAFANA=${TOCSIN_PORT_GRAFANA:-23000}
export TOCSIN_PORT_ALERTMANAGER=${TOCSIN_PORT_ALERTMANAGER:-29093}
without=" ${COMPOSE_WITHOUT:-} "

if docker compose version >/dev/null 2>&1 && docker info >/dev/null 2>&1; then
    compose=(docker compose) engine=docker
elif command -v podman >/dev/null && command -v podman-compose >/dev/null; then
    compose=(podman-compose) engine=podman
    for file in $(tr : ' ' <<<"${COMPOSE_FILE:-docker-compose.yml}"); do compose+=(-f "$file"); done
    unset COMPOSE_FILE
else
    echo "neither docker with compose nor podman with podman-compose runs here" >&2
    exit 1
fi

services=()
for service in kafka topics ingest classifier notifier deliver prometheus alertmanager grafana; do
    [[ $without == *" $service "* ]] || services+=("$service")
done
say() { printf '%s %4d s  %s\n' "$(date +%T)" "$SECONDS" "$*"; }
container() { "$engine" ps --filter "name=${COMPOSE_PROJECT_NAME}[-_]$1[-_]1" --format '{{.Names}}' | head -1; }
broker_listens() { (exec 3<>"/dev/tcp/127.0.0.1/$TOCSIN_PORT_KAFKA"); }
up() { # the broker first: podman has no timer for the health checks that docker waits for
    "${compose[@]}" up -d kafka >/dev/null
    wait_for "the broker listens" 300 broker_listens
    "${compose[@]}" --profile monitoring up -d "${services[@]}" >/dev/null
}

wait_for() { # what, seconds, command...
    local what=$1 end=$((SECONDS + $2))
    shift 2
    until "$@" >/dev/null 2>&1; do
        if ((SECONDS > end)); then
            say "NOT $what"
            "${compose[@]}" logs --tail 30 2>&1 | tail -60
            exit 1
        fi
        sleep 1
    done
    say "$what"
}

all_ready() {
    local service port
    for service in ingest:8080 classifier:8081 notifier:8082 deliver:8083; do
        port=${service#*:}
        "$engine" exec "$(container "${service%:*}")" python -c \
            "import urllib.request; urllib.request.urlopen('http://127.0.0.1:$port/readyz', timeout=3)"
    done
}

told() { # how many alerts a subscriber outside the containers reads from the beginning
    deploy_tocsin subscribe --since 1h --count "$1" --timeout 20 --json
}
deploy_tocsin() {
    TOCSIN_KAFKA_BOOTSTRAP="localhost:$TOCSIN_PORT_KAFKA" \
        TOCSIN_INGEST_URL="http://127.0.0.1:$TOCSIN_PORT_INGEST" \
        "$("deploy/setup/find-uv.sh")" run --no-sync tocsin "$@"
}

ask_prometheus() { # query: prints its values
    curl -sfG "http://127.0.0.1:$TOCSIN_PORT_PROMETHEUS/api/v1/query" --data-urlencode "query=$1" |
        python3 -c 'import json, sys; print(*[one["value"][1] for one in json.load(sys.stdin)["data"]["result"]])'
}
scraped() { [ "$(ask_prometheus 'count(up{job!="prometheus"} == 1)')" = 4 ]; }
alert_told() { # name: Alertmanager has it
    curl -sf "http://127.0.0.1:$TOCSIN_PORT_ALERTMANAGER/api/v2/alerts" | grep -q "\"$1\""
}
alert_over() { ! alert_told "$1"; }

trap '"${compose[@]}" --profile monitoring --profile demo down --volumes >/dev/null 2>&1 || true' EXIT

say "building"
make setup >/dev/null
"${compose[@]}" build topics >/dev/null
say "starting ${services[*]}"
up
wait_for "all services ready" 240 all_ready
deploy_tocsin ingest seeds/
wait_for "eight alerts on a subscriber outside the containers" 120 told 8
wait_for "Prometheus scrapes all four services" 120 scraped

say "killing the notifier and the broker"
for service in notifier kafka; do
    kill -9 "$("$engine" inspect "$(container "$service")" --format '{{.State.Pid}}')"
done
article=$(mktemp -d)
echo "Ukraine said its forces captured the village of Robotyne." >"$article/after.txt"
wait_for "an article is taken after the kills" 180 deploy_tocsin ingest "$article"
wait_for "its alert came, the ninth" 120 told 9

say "stopping the notifier"
"${compose[@]}" stop notifier >/dev/null
if [[ $without != *" alertmanager "* ]]; then
    wait_for "Alertmanager tells of TocsinServiceDown" 180 alert_told TocsinServiceDown
fi
up
wait_for "all services ready" 180 all_ready
if [[ $without != *" alertmanager "* ]]; then
    wait_for "the alert has ended" 180 alert_over TocsinServiceDown
fi

say "upgrading: containers away, volumes kept"
"${compose[@]}" --profile monitoring down >/dev/null
up
wait_for "all services ready on the data that was kept" 240 all_ready
deploy_tocsin ingest seeds/ "$article" # known already: publishes nothing
wait_for "the nine alerts are still there" 60 told 9
if told 10 >/dev/null; then
    say "NOT: a repeat has led to more alerts"
    exit 1
fi
say "done: no alert lost, none doubled"
