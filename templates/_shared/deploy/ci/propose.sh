#!/bin/sh
# Brings the newest template in and leaves the result on the branch djscaffold-update, pushed.
# Prints "none" or "ready" or "draft" (something needs a person) as its last line; the summary, with
# the changelog, goes to the file named as the only argument.
set -eu

summary=$1
code=0
sh deploy/ci/djscaffold.sh update >"$summary" || code=$?
cat "$summary" >&2
# 3: merged, but something needs a person. All else but 0 is a failure of this job.
if [ "$code" != 0 ] && [ "$code" != 3 ]; then
    exit "$code"
fi
if [ -z "$(git status --porcelain)" ]; then
    echo none
    exit 0
fi

git config user.name >/dev/null || git config user.name "djscaffold update"
git config user.email >/dev/null || git config user.email "djscaffold-update@localhost"
# Conflict markers go into the commit: the draft shows them, and the check keeps it from being merged.
# git changes the branch only once nothing is left unmerged in its index.
git add --all
git checkout --quiet -B djscaffold-update
git commit --quiet --message "Update the deployment files" --message "$(cat "$summary")"

state=ready
title="Update the deployment files"
if [ "$code" = 3 ]; then
    state=draft
    title="Draft: $title"
fi
set -- origin djscaffold-update
if [ -n "${GITLAB_CI:-}" ]; then
    # https://docs.gitlab.com/topics/git/commit/#push-options
    set -- -o merge_request.create -o "merge_request.target=$CI_DEFAULT_BRANCH" \
        -o "merge_request.title=$title" "$@"
fi
git push --quiet --force "$@"
echo "$state"
