# The steps that release and rollback share. Read by them, not run.
# shellcheck shell=bash
set -euo pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
# shellcheck source=/dev/null
. "$here/target.sh"

say() { printf '\n== %s\n' "$*" >&2; }

stop() {
    printf '\n%s\n' "$*" >&2
    exit 1
}

need() {
    local tool
    for tool in "$@"; do
        command -v "$tool" >/dev/null || stop "$tool is not installed; deploy/README.md, \"Before you start\", says where to get it."
    done
}

cloud() { gcloud --project="$PROJECT" --quiet "$@"; }
run() { cloud run "$@" --region="$REGION"; }

# Two releases at once would migrate at once. The lock is an object that only one can create.
lock() {
    local me
    me="$(whoami)@$(uname -n), since $(date -u '+%F %T') UTC"
    printf '%s\n' "$me" | cloud storage cp --if-generation-match=0 - "$BUCKET/lock" >/dev/null 2>&1 ||
        stop "Another release is running: $(cloud storage cat "$BUCKET/lock" 2>/dev/null || echo 'the lock cannot be read').
If that one is dead, remove its lock and try again:
  gcloud storage rm $BUCKET/lock"
    trap 'cloud storage rm "$BUCKET/lock" >/dev/null 2>&1 || true' EXIT
}

# A secret of yours starts with one version, the text "change-me".
check_secrets() {
    local secret missing=()
    for secret in "${SECRETS[@]}"; do
        [ "$(cloud secrets versions list "$NAME-$secret" --format='value(name)' | wc -l)" -gt 1 ] || missing+=("$secret")
    done
    [ "${#missing[@]}" -eq 0 ] || stop "Nothing was released: these secrets have no value yet: ${missing[*]}
Set each of them: deploy/bin/secret NAME"
}

migrate() {
    say "Migrating with $1"
    run jobs update "$NAME-manage" --image="$1" >&2
    run jobs execute "$NAME-manage" --args=migrate,--noinput --wait >&2 ||
        stop "The migration failed; the old release serves on. What it printed: deploy/bin/logs manage"
}

# The new revision takes traffic only after /healthz/ready has answered.
serve() {
    say "Starting $1"
    run services update "$NAME" --image="$1" --no-traffic >&2 ||
        stop "The new release did not become ready; the old one serves on. Why: deploy/bin/logs web"
    say "Moving the traffic"
    run services update-traffic "$NAME" --to-latest >&2
}

# Beat is stopped before its successor starts: two of them would start every job twice.
start_workers() {
    local pool job
    for pool in "${POOLS[@]}"; do
        say "Moving $pool"
        if [ "$pool" = beat ]; then
            run worker-pools update "$NAME-beat" --instances=0 >&2
            run worker-pools update "$NAME-beat" --image="$1" --instances=1 >&2
        else
            run worker-pools update "$NAME-$pool" --image="$1" >&2
        fi
    done
    for job in "${JOBS[@]}"; do
        run jobs update "$NAME-$job" --image="$1" >&2
    done
}

# Ask from outside, as a visitor would. The domain may not point here yet; Cloud Run's own address
# answers until only_through_load_balancer closes it.
smoke_test() {
    local address try
    for address in "$(run services describe "$NAME" --format='value(status.url)')" "https://$DOMAIN"; do
        for try in 1 2 3 4 5; do
            if curl --fail --silent --show-error --max-time 20 --output /dev/null "$address/healthz/ready"; then
                say "$address answers"
                return 0
            fi
            sleep "$try"
        done
    done
    return 1
}

current_image() { run services describe "$NAME" --format='value(spec.template.spec.containers[0].image)'; }
current_revision() { run services describe "$NAME" --format='value(status.traffic[0].revisionName)'; }

# One object for each release, named by its time: the list that rollback reads.
remember() { printf '%s\n' "$1" | cloud storage cp - "$BUCKET/releases/$(date -u +%Y%m%dT%H%M%SZ)" >/dev/null; }
