# The steps that release and rollback share. Read by them, not run.
# shellcheck shell=bash
set -euo pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
# shellcheck source=/dev/null
. "$here/target.sh"
export AWS_PAGER="" AWS_DEFAULT_OUTPUT=json

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
    [ -n "$settings" ] || settings="$(aws ssm get-parameter --name "/$PROJECT/$ENVIRONMENT/deployment" --query Parameter.Value --output text)" ||
        stop "Nothing is known of $PROJECT/$ENVIRONMENT in $AWS_REGION: is this the right account (aws sts get-caller-identity), and has terraform been applied?"
}

# What terraform wrote down for these commands; no secret is in it.
settings=""
setting() { jq -r "$1" <<<"$settings"; }

# Two releases at once would migrate at once. The lock is a parameter that only one can create.
lock() {
    local parameter="/$PROJECT/$ENVIRONMENT/release-lock" me
    me="$(whoami)@$(uname -n) since $(date -u '+%F %T') UTC"
    aws ssm put-parameter --name "$parameter" --type String --no-overwrite --value "$me" >/dev/null 2>&1 ||
        stop "Another release is running: $(aws ssm get-parameter --name "$parameter" --query Parameter.Value --output text 2>/dev/null || echo 'the lock cannot be read').
If that one is dead, remove its lock and try again:
  aws ssm delete-parameter --name $parameter --region $AWS_REGION"
    # shellcheck disable=SC2064
    trap "aws ssm delete-parameter --name '$parameter' >/dev/null 2>&1 || true" EXIT
}

# The newest revision of a family, with another image; prints the new revision's ARN.
# The newest one is right whoever made it: terraform's has the newest settings, a release's has
# them too.
revision_with() {
    local family="$1" image="$2" definition
    definition="$(aws ecs describe-task-definition --task-definition "$family" --query taskDefinition |
        jq -c --arg image "$image" '
            .containerDefinitions[].image = $image
            | del(.taskDefinitionArn, .revision, .status, .requiresAttributes, .compatibilities,
                  .registeredAt, .registeredBy, .deregisteredAt)')"
    aws ecs register-task-definition --cli-input-json "$definition" --query taskDefinition.taskDefinitionArn --output text
}

network() {
    setting '{awsvpcConfiguration: {subnets: .subnets, securityGroups: [.group], assignPublicIp: .public_ip}} | tojson'
}

# Start one command in a task of its own and print the task: start_job REVISION [OPTION...] -- COMMAND...
start_job() {
    local revision="$1" options=() task overrides
    shift
    while [ "$1" != -- ]; do
        options+=("$1")
        shift
    done
    shift
    # Not `jq --args`: it would take --noinput for an option of its own.
    overrides="$(printf '%s\0' "$@" | jq -Rsc 'split("\u0000") | if .[-1] == "" then .[:-1] else . end
        | {containerOverrides: [{name: "job", command: .}]}')"
    task="$(aws ecs run-task --cluster "$(setting .cluster)" --task-definition "$revision" --launch-type FARGATE \
        --network-configuration "$(network)" --overrides "$overrides" --propagate-tags TASK_DEFINITION \
        "${options[@]}" --query 'tasks[0].taskArn' --output text)"
    case "$task" in
    arn:*) printf '%s\n' "$task" ;;
    *) stop "The task could not be started: see the events of the cluster $(setting .cluster)." ;;
    esac
}

# Run one command to its end and print what it printed: run_job REVISION COMMAND...
# The status is the command's own.
run_job() {
    local revision="$1" cluster task id status
    shift
    cluster="$(setting .cluster)"
    task="$(start_job "$revision" -- "$@")" || exit 1
    # The waiter gives up after ten minutes; a migration may take longer.
    until aws ecs wait tasks-stopped --cluster "$cluster" --tasks "$task" 2>/dev/null; do
        say "still running: $*"
    done
    id="${task##*/}"
    aws logs get-log-events --log-group-name "$(setting .logs)/jobs" --log-stream-name "jobs/job/$id" --start-from-head \
        --query 'events[].message' --output json 2>/dev/null | jq -r '.[]' || true
    status="$(aws ecs describe-tasks --cluster "$cluster" --tasks "$task" --query 'tasks[0].containers[0].exitCode' --output text)"
    if [ "$status" = None ]; then
        stop "The task did not start: $(aws ecs describe-tasks --cluster "$cluster" --tasks "$task" --query 'tasks[0].stoppedReason' --output text)"
    fi
    return "$status"
}

# Move every service to the image: new revisions first, then all services at once.
# A service that runs nothing yet (before the first release) gets its first tasks.
serve() {
    local image="$1" name cluster revision wanted now
    cluster="$(setting .cluster)"
    for name in $(setting '.services | keys[]'); do
        revision="$(revision_with "$(setting .name)-$name" "$image")"
        wanted="$(setting ".services[\"$name\"]")"
        now="$(aws ecs describe-services --cluster "$cluster" --services "$name" --query 'services[0].desiredCount' --output text)"
        say "$name: ${revision##*/}"
        aws ecs update-service --cluster "$cluster" --service "$name" --task-definition "$revision" \
            --desired-count "$((now > wanted ? now : wanted))" >/dev/null
        moved="$moved$name $revision
"
    done
}
moved=""

# Wait until every service runs what it was moved to. ECS goes back by itself when new tasks do not
# become healthy (the circuit breaker); then the revision is not ours, and the release has failed.
wait_until_stable() {
    local cluster name revision serving
    cluster="$(setting .cluster)"
    say "Waiting until the new tasks are healthy and the old ones are gone"
    while read -r name revision; do
        [ -n "$name" ] || continue
        aws ecs wait services-stable --cluster "$cluster" --services "$name" || return 1
        serving="$(aws ecs describe-services --cluster "$cluster" --services "$name" --query 'services[0].deployments[0].taskDefinition' --output text)"
        [ "$serving" = "$revision" ] || return 1
    done <<<"$moved"
}

# Ask from outside, as a visitor would.
smoke_test() {
    local address try
    address="$(setting '.health_url // empty')"
    if [ -z "$address" ]; then
        say "The certificate is not issued yet, so nobody can visit the site: not asked from outside"
        return 0
    fi
    for try in 1 2 3 4 5 6; do
        if curl --fail --silent --show-error --max-time 20 --output /dev/null "$address"; then
            say "$address answers"
            return 0
        fi
        sleep "$((try * 2))"
    done
    return 1
}

# Let a tag of the registry point to what another tag (or digest) points to.
point() {
    local tag="$1" image="$2" name manifest
    name="$(setting .name)"
    manifest="$(aws ecr batch-get-image --repository-name "$name" --image-ids "$image" --query 'images[0].imageManifest' --output text)"
    [ "$manifest" != None ] || return 0
    aws ecr put-image --repository-name "$name" --image-tag "$tag" --image-manifest "$manifest" >/dev/null 2>&1 || true
}

digest_of() {
    aws ecr describe-images --repository-name "$(setting .name)" --image-ids "imageTag=$1" \
        --query 'imageDetails[0].imageDigest' --output text 2>/dev/null || true
}

# What serves now becomes `previous`, what was released becomes `current`.
remember() {
    local before="$1" now="$2"
    if [ -n "$before" ] && [ "$before" != "$now" ]; then point previous "imageDigest=$before"; fi
    point current "imageDigest=$now"
}

case "${1:-}" in
-h | --help)
    sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$0"
    exit 0
    ;;
esac
