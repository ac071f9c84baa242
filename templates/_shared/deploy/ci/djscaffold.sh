#!/bin/sh
# Installs the djscaffold that fits this project and runs it, in any CI:
#   sh deploy/ci/djscaffold.sh check     by the version that wrote the files
#   sh deploy/ci/djscaffold.sh update    to the newest released version of the template
# Exit codes are djscaffold's: 0 done, 1 refused, 3 something needs a person.
set -eu

answers=.copier-answers.yml
if [ -f .copier-answers.djscaffold.yml ]; then
    answers=.copier-answers.djscaffold.yml
fi

recorded() {
    sed -n "s/^$1: //p" "$answers" | tr -d "\"'"
}

source=$(recorded _src_path)
source=${source#git+}
case $source in
/*)
    echo "The template's recorded address is a folder of one machine: $source" >&2
    echo "CI cannot reach it. Record another: djscaffold update --template-url URL" >&2
    exit 1
    ;;
esac

version=$(recorded _commit)
if [ "$1" = update ]; then
    # Released versions only: v1.2.0, not v1.2.0rc1.
    newest=$(git ls-remote --tags --refs --sort=-version:refname "$source" 'v*' |
        sed -n 's,.*refs/tags/\(v[0-9.]*\)$,\1,p' | head -n 1)
    version=${newest:-$version}
fi

python3 -m pip install --quiet "djscaffold @ git+$source@$version" >&2
exec djscaffold "$@"
