import assert from "node:assert/strict";

import { remediesOf } from "../../../tools/refusals";

describe("why a container was refused", () => {
  for (const [what, words, expected] of [
    [
      "Node.js at a folder",
      "Error: EROFS: read-only file system, mkdir '/app/.next/cache'",
      "'backendWritablePaths[1]' /app/.next/cache ",
    ],
    [
      "Node.js at a file",
      "Error: EROFS: read-only file system, open '/data/items.db'",
      "'backendWritablePaths[1]' /data ",
    ],
    [
      "Python",
      "OSError: [Errno 30] Read-only file system: '/home/app/.cache'",
      "'backendWritablePaths[1]' /home/app/.cache ",
    ],
    [
      "Go",
      "mkdir /root/.config: read-only file system",
      "'backendWritablePaths[1]' /root/.config ",
    ],
    [
      "a file of another user",
      "PermissionError: [Errno 13] Permission denied: '/srv/key'",
      "backendRunAsUser NUMBER",
    ],
    [
      "another port",
      'Startup probe failed: Get "http://10.0.0.5:8000/": dial tcp 10.0.0.5:8000: connect: connection refused (120 times)',
      "backendPort must be",
    ],
    [
      "an unknown host",
      "Startup probe failed: HTTP probe failed with statuscode: 400 (3 times)",
      "backendProbeHost NAME",
    ],
    [
      "no such path",
      "Readiness probe failed: HTTP probe failed with statuscode: 404 (3 times)",
      "backendReadinessPath",
    ],
    [
      "no HTTP",
      'Startup probe failed: Get "http://10.0.0.5:1/": net/http: HTTP/1.x transport connection broken: malformed HTTP response',
      "backendProbeKind tcp",
    ],
    [
      "memory",
      "container backend: CrashLoopBackOff; before that ended with exit code 137 (OOMKilled)",
      "backendMemoryLimit",
    ],
  ] as const) {
    it(`is said with the key that lets it: ${what}`, () => {
      const [line, ...more] = remediesOf("backend", words);
      assert.deepEqual(more, []);
      assert.ok(line?.includes(expected), line);
    });
  }

  it("is said of a migration by its application's keys", () => {
    const [line] = remediesOf("frontend-migrate", "EROFS: read-only file system, mkdir '/x'");
    assert.ok(line?.includes("frontendWritablePaths"), line);
  });

  it("is not guessed of what is none of the applications", () => {
    assert.deepEqual(remediesOf("postgres", "mkdir /x: Read-only file system"), []);
  });
});
