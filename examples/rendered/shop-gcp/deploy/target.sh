# Where this site is; read by every command in deploy/bin. Another environment:
#   ENVIRONMENT=staging deploy/bin/release
# shellcheck shell=bash disable=SC2034
ENVIRONMENT="${ENVIRONMENT:-production}"
PROJECT="${PROJECT:-my-project}"
REGION="${REGION:-europe-west1}"
NAME="shop"
DOMAIN="${DOMAIN:-shop.example.org}"

# What runs beside the web, and the jobs that carry the same image.
POOLS=(worker beat)
JOBS=()
# Variables whose values only you know: README, "Secrets".
SECRETS=()

[ "$ENVIRONMENT" = production ] || NAME="$NAME-$ENVIRONMENT"
REGISTRY="$REGION-docker.pkg.dev/$PROJECT/$NAME"
BUCKET="gs://$PROJECT-$NAME-ops"
