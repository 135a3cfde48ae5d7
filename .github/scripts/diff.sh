#!/usr/bin/env bash
# Compares the objects of every stack with those of the commit BASE; see `npm run diff -- --help`.
set -euo pipefail
mkdir -p review-out
code=0
npm run -s diff -- --base "$BASE" --json review-out/review.json || code=$?
node --require ./program/typescript.cjs review/main.ts show review-out/review.json > /dev/null
exit "$code"
