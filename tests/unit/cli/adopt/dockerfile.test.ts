import assert from "node:assert/strict";

import { readDockerfile } from "../../../../cli/adopt/dockerfile";

describe("what adopt reads in a Dockerfile", () => {
  it("is about the last stage, and what it begins from", () => {
    const facts = readDockerfile(
      [
        "# syntax=docker/dockerfile:1",
        "ARG NODE=node:20-alpine",
        "FROM ${NODE} AS base",
        "WORKDIR /srv",
        "ENV PORT=4000 \\",
        "    NODE_ENV=production",
        "FROM base AS builder",
        "EXPOSE 9229",
        "COPY package.json package-lock.json ./",
        "RUN npm ci",
        "FROM base",
        "WORKDIR app",
        "COPY --from=builder /srv/.next ./.next",
        'COPY ["public", "./public"]',
        "EXPOSE ${PORT}/tcp 5353/udp",
        'CMD ["node", "server.js"]',
      ].join("\n"),
    );
    assert.deepEqual(facts.ports, [4000]);
    assert.equal(facts.workdir, "/srv/app");
    assert.equal(facts.command, "node server.js");
    assert.deepEqual(facts.env, { PORT: "4000", NODE_ENV: "production" });
    assert.deepEqual(facts.sources, ["package.json", "package-lock.json", "public"]);
    assert.deepEqual(facts.bases, ["node:20-alpine"]);
    assert.deepEqual(facts.stages, ["base", "builder"]);
  });

  it("is about the stage that Compose builds, where it names one", () => {
    const text = "FROM a AS dev\nEXPOSE 1\nFROM b AS prod\nEXPOSE 2\n";
    assert.deepEqual(readDockerfile(text, "dev").ports, [1]);
    assert.deepEqual(readDockerfile(text, "gone").ports, [2]);
  });

  describe("the user's number", () => {
    const users: [lines: string, id: number | undefined][] = [
      ["FROM debian\nUSER 1234:1234", 1234],
      ["FROM debian\nRUN useradd --create-home app\nUSER app", 1000],
      ["FROM node:20-alpine\nRUN adduser -D app\nUSER app", 1001],
      ["FROM node:20\nUSER node", 1000],
      ["FROM alpine\nRUN addgroup -g 1001 -S x && \\\n  adduser -S next -u 1001\nUSER next", 1001],
      ["FROM debian\nRUN useradd -u 1500 app\nUSER app:app", 1500],
      ["FROM debian\nRUN adduser --system app\nUSER app", undefined],
      ["FROM debian\nUSER somebody", undefined],
      ["FROM debian\nUSER root", 0],
      ["FROM debian", undefined],
    ];
    for (const [lines, id] of users) {
      it(`${String(id)}: ${JSON.stringify(lines)}`, () => {
        assert.equal(readDockerfile(lines).userId, id);
      });
    }
  });

  it("has the secrets that steps mount, the arguments, and the health check", () => {
    const facts = readDockerfile(
      "FROM a\nARG NEXT_PUBLIC_API_URL\nARG VERSION=1\n" +
        "RUN --mount=type=secret,id=npmrc,target=/root/.npmrc --mount=type=cache,id=x,target=/x npm ci\n" +
        "HEALTHCHECK --interval=5s CMD curl -f http://localhost:8000/health || exit 1\n",
    );
    assert.deepEqual(facts.secrets, ["npmrc"]);
    assert.deepEqual(facts.args, { NEXT_PUBLIC_API_URL: "", VERSION: "1" });
    assert.match(facts.healthcheck, /localhost:8000\/health/);
  });

  it("does not take a script in it for instructions", () => {
    const facts = readDockerfile("FROM a\nRUN <<EOF\nEXPOSE 1\nUSER 5\nEOF\nEXPOSE 2\n");
    assert.deepEqual([facts.ports, facts.user], [[2], undefined]);
  });
});
