import assert from "node:assert/strict";

import { explain, inUsersForm } from "../../../tools/known-errors";

/** Messages as the tools print them, and what a person must read instead. */
const cases: [name: string, said: string, message: RegExp, next: RegExp][] = [
  [
    "a passphrase that does not fit",
    'error: constructing secrets manager of type "passphrase": incorrect passphrase',
    /passphrase does not fit/,
    /\.stack\/passphrase/,
  ],
  [
    "two updates at once",
    "error: the stack is currently locked by 1 lock(s). Either wait for the other process(es) to end or delete the lock file with `pulumi cancel`.\n  file:///x/.stack/backend/.pulumi/locks/organization/todo-app/local/1.json: created by ann@laptop (pid 42) at 2026-11-23T12:00:00Z",
    /Another update of this stack is running \(created by ann@laptop \(pid 42\)/,
    /cancel/,
  ],
  [
    "no Docker daemon",
    "error: failed to connect to any docker daemon",
    /No Docker daemon answers/,
    /docker/i,
  ],
  [
    "a full disk",
    "#12 ERROR: failed to copy files: write /app/x: no space left on device",
    /A disk is full/,
    /docker system prune/,
  ],
  [
    "a pull limit",
    "toomanyrequests: You have reached your unauthenticated pull rate limit.",
    /pull limit is reached/,
    /docker login/,
  ],
  [
    "a base image that cannot be had",
    "failed to solve: node:20-alpine: failed to resolve source metadata for docker.io/library/node:20-alpine: dial tcp: no such host",
    /The base image docker\.io\/library\/node:20-alpine cannot be had/,
    /config set nodeImage/,
  ],
  [
    "a base image that Docker 20 may not pull",
    "[internal] load metadata for docker.io/me/private:1\nerror: failed to solve with frontend dockerfile.v0: failed to create LLB definition: pull access denied, repository does not exist",
    /The base image docker\.io\/me\/private:1 cannot be had/,
    /config set nodeImage/,
  ],
  [
    "a base image that the build itself names",
    'Building todo-backend:1: step "[internal] load metadata for docker.io/me/base:1" failed: no such host',
    /The base image docker\.io\/me\/base:1 cannot be had/,
    /docker pull docker\.io\/me\/base:1 /,
  ],
  [
    "a base image on a host that does not exist",
    'failed to do request: Head "https://nowhere.example/v2/team/python/manifests/9": dial tcp: lookup nowhere.example: no such host',
    /The base image nowhere\.example\/team\/python:9 cannot be had/,
    /docker pull nowhere\.example\/team\/python:9 /,
  ],
  [
    "a pod that crashes at its start",
    "the Kubernetes API server reported that \"todo-app/backend\" failed to fully initialize or become live: 'backend' timed out waiting to be Ready",
    /still serve/,
    /npm start/,
  ],
  [
    "a stopped cluster",
    "error: configured Kubernetes cluster is unreachable: unable to load schema information",
    /may be stopped/,
    /npm start/,
  ],
  [
    "a wrong type",
    "error: validating stack config: Stack 'local' with configuration key 'nodePort' must be of type 'integer'",
    /nodePort must be of type integer/,
    /config set nodePort/,
  ],
  [
    "a protected database",
    'error: Resource "postgres" cannot be deleted\nbecause it is protected.',
    /database is protected/,
    /config set databaseProtect false/,
  ],
];

describe("errors of Pulumi, Docker and Kubernetes", () => {
  for (const [name, said, message, next] of cases) {
    it(`says what ${name} means and what to do`, () => {
      const found = explain(said);
      assert.ok(found !== undefined, "not recognised");
      assert.match(found.message, message);
      assert.match(found.next.join("\n"), next);
    });
  }

  it("gives the configuration's own words without the stack trace around them", () => {
    const said = `Running program failed with an unhandled exception:
ConfigError: The stack's configuration has a problem:
  nodePort is 80; it must be a whole number from 30000 to 32767
      pulumi config set nodePort 30300
    at ConfigReader.finish (reader.ts:100:1)`;
    assert.equal(
      explain(said)?.message,
      `The stack's configuration has a problem:
  nodePort is 80; it must be a whole number from 30000 to 32767
      pulumi config set nodePort 30300`,
    );
  });

  it("claims nothing about what it does not know", () => {
    assert.equal(explain("error: something new"), undefined);
    // What a build says before one of its own steps fails.
    assert.equal(
      explain(`Starting Docker build
[internal] load metadata for docker.io/library/python:3.13-slim
[2/3] COPY app /app/app
[3/3] RUN python3 -m compileall -q /app/app
error: executor failed running [/bin/sh -c python3 -m compileall -q /app/app]: exit code: 1`),
      undefined,
    );
  });

  it("words commands for shells with and without the stack's environment", () => {
    const hint = "pulumi config set nodePort 30300";
    assert.equal(inUsersForm(hint, true), hint);
    assert.equal(inUsersForm(hint, false), "npm run pulumi -- config set nodePort 30300");
    assert.equal(inUsersForm("npm run pulumi -- cancel", true), "pulumi cancel");
    assert.equal(inUsersForm("npm run pulumi -- cancel", false), "npm run pulumi -- cancel");
  });
});
