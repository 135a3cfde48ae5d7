import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

import { isDead, locksOf } from "../../../automation/lock";

describe("locks of the stack's state", () => {
  let backend: string;

  beforeEach(() => {
    backend = fs.mkdtempSync(path.join(os.tmpdir(), "lock-"));
  });
  afterEach(() => {
    fs.rmSync(backend, { recursive: true });
  });

  it("are none where nothing was ever locked", () => {
    assert.deepEqual(locksOf("local", backend), []);
  });

  it("are read as the file backend writes them, without the files beside them", () => {
    const folder = path.join(backend, ".pulumi", "locks", "organization", "todo-app", "local");
    fs.mkdirSync(folder, { recursive: true });
    const lock = {
      pid: 42,
      username: "ann",
      hostname: "laptop",
      timestamp: "2026-11-23T12:00:00Z",
    };
    fs.writeFileSync(path.join(folder, "a.json"), JSON.stringify(lock));
    fs.writeFileSync(path.join(folder, "a.json.attrs"), "{}");
    const [found, ...others] = locksOf("local", backend);
    assert.equal(found?.pid, 42);
    assert.equal(others.length, 0);
  });

  it("are stale when their process is over, and only on this machine", () => {
    const { pid } = spawnSync("true");
    assert.equal(isDead({ pid, hostname: os.hostname() }), true);
    assert.equal(isDead({ pid, hostname: "another-machine" }), false);
  });

  it("that were cut off while they were written are nobody's", () => {
    const folder = path.join(backend, ".pulumi", "locks", "organization", "todo-app", "local");
    fs.mkdirSync(folder, { recursive: true });
    fs.writeFileSync(path.join(folder, "1.json"), '{"pid": 4');
    const [lock] = locksOf("local", backend);
    assert.ok(lock !== undefined && isDead(lock));
  });
});
