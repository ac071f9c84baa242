# Where this site is; read by every command in deploy/bin. Another environment:
#   ENVIRONMENT=staging deploy/bin/release
# shellcheck shell=bash disable=SC2034
ENVIRONMENT="${ENVIRONMENT:-production}"
PROJECT=shop
DATABASE_URL_NAME=DATABASE_URL
export AWS_REGION="${AWS_REGION:-eu-central-1}"
export AWS_DEFAULT_REGION="$AWS_REGION"
