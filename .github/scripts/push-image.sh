#!/usr/bin/env bash
# Builds the application APP for both platforms and pushes it as IMAGE:VERSION, with BuildKit's SBOM and provenance
# beside it. A version that is there already is never overwritten. Puts out `image` and `digest`.
set -euo pipefail
: "${APP:?}" "${IMAGE:?}" "${VERSION:?}"
image="${IMAGE,,}" # registries take lower case only
reference="$image:${VERSION#v}"
if docker buildx imagetools inspect "$reference" > /dev/null 2>&1; then
  echo "$reference is there already; a released version is never overwritten. Tag a new one." >&2
  exit 1
fi
metadata="$(mktemp)"
docker buildx build --file "docker/$APP.Dockerfile" --platform linux/amd64,linux/arm64 \
  --provenance=mode=max --sbom=true --push --tag "$reference" --metadata-file "$metadata" .
digest="$(node -p 'JSON.parse(fs.readFileSync(process.argv[1], "utf8"))["containerimage.digest"]' "$metadata")"
printf 'image=%s\ndigest=%s\n' "$image" "$digest" >> "$GITHUB_OUTPUT"
