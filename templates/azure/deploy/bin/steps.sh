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

# The one of its kind in the resource group: some names end in a checksum.
only() { az resource list --resource-group "$GROUP" --resource-type "$1" --query '[0].name' --output tsv; }
account() { only Microsoft.Storage/storageAccounts; }
registry() { only Microsoft.ContainerRegistry/registries; }
server() { az "$DATABASE" flexible-server list --resource-group "$GROUP" --query "[?!contains(name, '-restored-')] | [0].name" --output tsv; }
vault() { only Microsoft.KeyVault/vaults; }

# The two kinds of database spell one thing in two ways.
backup() {
    case "$DATABASE $1" in
    "postgres create") az postgres flexible-server backup create --resource-group "$GROUP" --server-name "$(server)" --name "$2" --output table ;;
    "postgres list") az postgres flexible-server backup list --resource-group "$GROUP" --server-name "$(server)" --output table ;;
    "mysql create") az mysql flexible-server backup create --resource-group "$GROUP" --name "$(server)" --backup-name "$2" --output table ;;
    "mysql list") az mysql flexible-server backup list --resource-group "$GROUP" --name "$(server)" --output table ;;
    esac
}
# A restored server comes without the rule that lets Azure's own addresses in; a private one needs none.
open_to_azure() {
    local access
    access="$(az "$DATABASE" flexible-server show --resource-group "$GROUP" --name "$1" --query network.publicNetworkAccess --output tsv)"
    case "$DATABASE $access" in
    "postgres Enabled") az postgres flexible-server firewall-rule create --resource-group "$GROUP" --server-name "$1" --name azure --start-ip-address 0.0.0.0 --end-ip-address 0.0.0.0 --output none ;;
    "mysql Enabled") az mysql flexible-server firewall-rule create --resource-group "$GROUP" --name "$1" --rule-name azure --start-ip-address 0.0.0.0 --end-ip-address 0.0.0.0 --output none ;;
    esac
}

app() { az containerapp "$@" --resource-group "$GROUP"; }
blob() { az storage blob "$@" --account-name "$store" --container-name releases --auth-mode login --only-show-errors; }

# Two releases at once would migrate at once. The lock is a blob that only one can create.
lock() {
    local me file
    store="$(account)"
    me="$(whoami)@$(uname -n), since $(date -u '+%F %T') UTC"
    file="$(mktemp)"
    printf '%s\n' "$me" >"$file"
    blob upload --name lock --file "$file" --if-none-match '*' >/dev/null 2>&1 || {
        rm -f "$file"
        stop "Another release is running: $(blob download --name lock --no-progress --file /dev/stdout 2>/dev/null | head -n 1)
If that one is dead, remove its lock and try again:
  az storage blob delete --account-name $store --container-name releases --name lock --auth-mode login"
    }
    rm -f "$file"
    trap 'blob delete --name lock >/dev/null 2>&1 || true' EXIT
}

# A secret of yours starts with one version, the text "change-me".
check_secrets() {
    local secret safe missing=()
    for secret in "${SECRETS[@]}"; do
        safe="$(vault)"
        [ "$(az keyvault secret list-versions --vault-name "$safe" --name "${secret//_/-}" --query 'length(@)' --output tsv)" -gt 1 ] || missing+=("$secret")
    done
    [ "${#missing[@]}" -eq 0 ] || stop "Nothing was released: these secrets have no value yet: ${missing[*]}
Set each of them: deploy/bin/secret NAME"
}

# Start a job and wait until it has ended; false if it failed or takes longer than an hour.
wait_for_job() {
    local run state="" tries=0
    run="$(app job start --name "$1" --query name --output tsv)"
    until [ "$state" = Succeeded ]; do
        state="$(app job execution show --name "$1" --job-execution-name "$run" --query properties.status --output tsv)"
        tries=$((tries + 1))
        case "$state" in
        Failed | Degraded | Stopped) return 1 ;;
        esac
        [ "$tries" -lt 720 ] || return 1
        [ "$state" = Succeeded ] || sleep 5
    done
}

migrate() {
    say "Migrating with $1"
    app job update --name "$NAME-manage" --image "$1" --output none
    wait_for_job "$NAME-manage" || stop "The migration failed; the old release serves on. (An hour is the longest it may take.) What it printed: deploy/bin/logs manage"
}

# The old revision keeps the traffic until the new one has answered /healthz/ready.
serve() {
    local revision state="" tries=0
    say "Starting $1"
    revision="$(app update --name "$NAME" --image "$1" --revision-suffix "r$(date -u +%y%m%d%H%M%S)" --query properties.latestRevisionName --output tsv)" || return 1
    until [ "$state" = Healthy ]; do
        state="$(app revision show --name "$NAME" --revision "$revision" --query properties.healthState --output tsv)"
        tries=$((tries + 1))
        [ "$tries" -lt 90 ] || return 1
        [ "$state" = Healthy ] || sleep 4
    done
}

# Beat is stopped before its successor starts: two of them would start every job twice.
start_workers() {
    local process job revision
    for process in "${PROCESSES[@]}"; do
        say "Moving $process"
        if [ "$process" = beat ]; then
            for revision in $(app revision list --name "$NAME-beat" --query '[?properties.active].name' --output tsv); do
                app revision deactivate --name "$NAME-beat" --revision "$revision" --output none
            done
        fi
        app update --name "$NAME-$process" --image "$1" --revision-suffix "r$(date -u +%y%m%d%H%M%S)" --output none
    done
    for job in $(app job list --query "[?name!='$NAME-manage' && name!='$NAME-copy'].name" --output tsv); do
        app job update --name "$job" --image "$1" --output none
    done
}

# Ask from outside, as a visitor would.
smoke_test() {
    local address try
    for address in "$(app show --name "$NAME" --query properties.configuration.ingress.fqdn --output tsv)" "$DOMAIN"; do
        for try in 1 2 3 4 5; do
            if curl --fail --silent --show-error --max-time 20 --output /dev/null "https://$address/healthz/ready"; then
                say "https://$address answers"
                return 0
            fi
            sleep "$try"
        done
    done
    return 1
}

current_image() { app show --name "$NAME" --query 'properties.template.containers[0].image' --output tsv; }

# One blob for each release, named by its time: the list that rollback reads.
remember() {
    local file
    file="$(mktemp)"
    printf '%s\n' "$1" >"$file"
    blob upload --name "list/$(date -u +%Y%m%dT%H%M%SZ)" --file "$file" >/dev/null
    rm -f "$file"
}
