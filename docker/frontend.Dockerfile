# The web front end. Built from the repository's root:
#   docker build -f docker/frontend.Dockerfile -t todo-frontend:latest .
#
# Any base with Node.js 20.19 or newer will do, Alpine or Debian: nothing is installed into it.
ARG NODE_IMAGE=node:20-alpine

# What the lock file names, and nothing else, so that a change of the sources installs nothing.
FROM ${NODE_IMAGE} AS deps
WORKDIR /app
# A mirror of the npm registry; empty means npm's own default.
ARG NPM_REGISTRY=""
COPY frontend/package.json frontend/package-lock.json ./
RUN --mount=type=cache,target=/root/.npm,sharing=locked \
    npm ci --no-audit --no-fund ${NPM_REGISTRY:+--registry="$NPM_REGISTRY"}

FROM ${NODE_IMAGE} AS builder
WORKDIR /app
ENV NEXT_TELEMETRY_DISABLED=1
# Accepted for older set-ups. The image itself needs no address: it is read when the server runs.
ARG NEXT_PUBLIC_API_URL=""
ENV NEXT_PUBLIC_API_URL=${NEXT_PUBLIC_API_URL}
COPY --from=deps /app/node_modules ./node_modules
COPY frontend/ ./
# What the server needs of node_modules is set apart: it seldom changes and is the larger part.
RUN --mount=type=cache,target=/app/.next/cache,sharing=locked \
    npm run build && mv .next/standalone/node_modules /traced

FROM ${NODE_IMAGE} AS runner
WORKDIR /app
# Kubernetes sets HOSTNAME to the pod's name, and the server would listen on that address alone.
ENV NODE_ENV=production \
    NEXT_TELEMETRY_DISABLED=1 \
    HOSTNAME=0.0.0.0 \
    PORT=3000
ARG NEXT_PUBLIC_API_URL=""
ENV NEXT_PUBLIC_API_URL=${NEXT_PUBLIC_API_URL}
# Owned by root: the server reads its files and writes none, so the root file system may be read-only.
COPY --from=builder /traced ./node_modules
COPY --from=builder /app/.next/standalone ./
COPY frontend/drain.mjs ./
# Numeric, so that Kubernetes can see that it is not root.
USER 10001:10001
EXPOSE 3000
# For Compose; Kubernetes has its own probes.
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/healthz`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--import", "./drain.mjs", "server.js"]
