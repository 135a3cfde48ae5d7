# What the front end's saved files are run with in the cluster (npm run dev -- --cluster): the packages of its lock file and
# none of its own files, so that an edit makes no other image. Any Next.js application that is installed with npm will do.
ARG NODE_IMAGE=node:20-alpine

FROM ${NODE_IMAGE}
WORKDIR /packages
# A mirror of the npm registry; empty means npm's own default.
ARG NPM_REGISTRY=""
# Folder of the package.json within the build context.
ARG FOLDER=frontend
COPY ${FOLDER}/package.json ${FOLDER}/package-lock.json ./
RUN --mount=type=cache,target=/root/.npm,sharing=locked \
    npm ci --no-audit --no-fund ${NPM_REGISTRY:+--registry="$NPM_REGISTRY"}
ENV NODE_ENV=development \
    NEXT_TELEMETRY_DISABLED=1
USER 10001:10001
