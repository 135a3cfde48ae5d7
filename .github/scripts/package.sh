#!/usr/bin/env bash
# Makes release/: the manifests and the chart as archives, a bill of materials for what npm and pip install, and the
# checksums of all of them. The archives of a commit are the same bytes whenever they are made; npm dates its SBOMs.
set -euo pipefail
: "${VERSION:?}"
version="${VERSION#v}"
mkdir -p release
epoch="$(git log -1 --format=%ct)"

archive() { # NAME FOLDER: with fixed times and owners
  tar --sort=name --mtime="@$epoch" --owner=0 --group=0 --numeric-owner --format=gnu -cf - "$2" |
    gzip -n > "release/$1-$version.tar.gz"
}

archive todo-app-manifests k8s
archive todo-app-chart helm/todo-app
# `npm sbom` reads the lock files alone, so that nothing of the packages runs.
npm sbom --package-lock-only --omit=dev --sbom-format=spdx > "release/sbom-program-$version.spdx.json"
(cd frontend && npm sbom --package-lock-only --omit=dev --sbom-format=spdx) \
  > "release/sbom-frontend-$version.spdx.json"
cp backend/requirements.txt "release/requirements-backend-$version.txt"
(cd release && sha256sum -- * > "../SHA256SUMS" && mv ../SHA256SUMS .)
