# The back end. The build context is the repository's root:
#   docker build -f docker/backend.Dockerfile -t todo-backend:latest .
# Any base with Python >= 3.11 will do (Debian, Alpine, UBI, a mirror): nothing here calls its package
# manager. Layers go from what seldom changes to what often does, so that an edit of the application
# is a new last layer of some 100 KB and the packages below it stay where they are.
ARG PYTHON_IMAGE=python:3.13-slim

FROM ${PYTHON_IMAGE} AS installer
# Some bases (UBI) start as another user; the two stages that are thrown away build as root.
# hadolint ignore=DL3002
USER 0
WORKDIR /build
# A mirror of the Python package index, without credentials: build arguments stay in the history.
ARG PYTHON_INDEX_URL=""
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_NO_INPUT=1 \
    PIP_ROOT_USER_ACTION=ignore \
    PYTHONDONTWRITEBYTECODE=1 \
    UV_CACHE_DIR=/root/.cache/uv \
    UV_LINK_MODE=copy \
    UV_PYTHON_DOWNLOADS=never \
    UV_SYSTEM_CERTS=1
COPY backend/requirements-build.txt ./
RUN --mount=type=cache,id=todo-pip,target=/root/.cache/pip \
    if [ -n "$PYTHON_INDEX_URL" ]; then export PIP_INDEX_URL="$PYTHON_INDEX_URL"; fi; \
    python3 -m venv /opt/uv \
    && PIP_CACHE_DIR=/root/.cache/pip /opt/uv/bin/python -m pip install --quiet \
        --require-hashes --only-binary :all: -r requirements-build.txt
COPY backend/requirements.txt ./
# Bytecode is checked by nothing at run time (unchecked-hash): the root is read-only, so it can only
# be right, and no file's time stamp can make it stale.
RUN --mount=type=cache,id=todo-uv,target=/root/.cache/uv \
    if [ -n "$PYTHON_INDEX_URL" ]; then export UV_DEFAULT_INDEX="$PYTHON_INDEX_URL"; fi; \
    python3 -m venv --without-pip /opt/venv \
    && PYC_INVALIDATION_MODE=UNCHECKED_HASH /opt/uv/bin/uv pip sync --quiet \
        --python /opt/venv/bin/python --require-hashes --only-binary :all: --compile-bytecode \
        requirements.txt

FROM ${PYTHON_IMAGE} AS compiled
# hadolint ignore=DL3002
USER 0
COPY backend/app /app/app
# Readable for any user, whatever the umask of whoever checked it out.
RUN chmod -R a+rX /app \
    && python3 -m compileall -q --invalidation-mode unchecked-hash /app/app

FROM ${PYTHON_IMAGE} AS runtime
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    HOME=/tmp
WORKDIR /app
COPY --from=installer /opt/venv /opt/venv
COPY --from=compiled /app /app
USER 10001:10001
# Some bases bring one of their own.
ENTRYPOINT []

# What the tests need on top of the application's own image. The tests themselves are not in the
# context, so that editing one does not give the production image another tag; mount them:
#   docker build -f docker/backend.Dockerfile --target test -t todo-backend-test .
#   docker run --rm -e TEST_DATABASE_URL=postgresql://… -v "$PWD/backend/tests:/app/tests:ro" \
#     -v "$PWD/backend/pyproject.toml:/app/pyproject.toml:ro" todo-backend-test
FROM runtime AS test
USER 0
COPY --from=installer /opt/uv /opt/uv
COPY backend/requirements-dev.txt /tmp/
ARG PYTHON_INDEX_URL=""
RUN --mount=type=cache,id=todo-uv,target=/root/.cache/uv \
    if [ -n "$PYTHON_INDEX_URL" ]; then export UV_DEFAULT_INDEX="$PYTHON_INDEX_URL"; fi; \
    UV_CACHE_DIR=/root/.cache/uv UV_LINK_MODE=copy UV_SYSTEM_CERTS=1 \
    /opt/uv/bin/uv pip sync --quiet --python /opt/venv/bin/python --require-hashes \
        --only-binary :all: /tmp/requirements-dev.txt
USER 10001:10001
CMD ["python", "-m", "pytest", "-p", "no:cacheprovider"]

FROM runtime AS production
LABEL org.opencontainers.image.title="todo-backend" \
      org.opencontainers.image.description="The Todo application's API"
EXPOSE 8000
# For Compose and plain Docker; Kubernetes has its own probes.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/readyz', timeout=4)"]
CMD ["python", "-m", "app.serve"]
