#!/usr/bin/env bash
# Previews the stack STACK and leaves what a reviewer needs to know in review-out/review.json, also when the preview
# fails: then this fails too, after the reason is written down. Reads KUBECONFIG_CONTENT (optional: without a cluster a
# preview still shows what the program changes).
set -euo pipefail
out=review-out
mkdir -p "$out"

if [ -n "${KUBECONFIG_CONTENT:-}" ]; then
  KUBECONFIG="${RUNNER_TEMP:?}/kubeconfig"
  (umask 077 && printf '%s\n' "$KUBECONFIG_CONTENT" > "$KUBECONFIG")
  export KUBECONFIG
fi
unset KUBECONFIG_CONTENT

code=0
pulumi preview --stack "$STACK" --json --non-interactive > "$out/preview.json" 2> "$out/errors.txt" || code=$?
node --require ./program/typescript.cjs review/main.ts preview --stack "$STACK" --exit "$code" \
  --json "$out/preview.json" --errors "$out/errors.txt" --out "$out/review.json"
node --require ./program/typescript.cjs review/main.ts show "$out/review.json"
exit "$code"
