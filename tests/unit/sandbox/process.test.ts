import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { pipe, run, together } from "../../../dev/sandbox/process";
import { ToolError } from "../../../tools/tool-error";

describe("the sandbox's programs", () => {
  let folder: string;
  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "todo-sandbox-"));
  });
  afterEach(() => {
    fs.rmSync(folder, { recursive: true, force: true });
  });
  const file = (name: string) => path.join(folder, name);
  const appears = async (name: string) => {
    while (!fs.existsSync(file(name))) await sleep(20);
  };

  it("give what they print, and their own words when they fail", async () => {
    assert.equal(await run("sh", ["-c", "cat; echo two"], { input: "one\n" }), "one\ntwo");
    await assert.rejects(run("sh", ["-c", "echo why >&2; exit 3"]), (error: Error) => {
      assert.ok(error instanceof ToolError);
      assert.equal(error.output, "why");
      assert.match(error.message, /failed with exit code 3:\n {2}why/);
      return true;
    });
    await assert.rejects(run("no-such-program", []), /`no-such-program` was not found/);
    await assert.rejects(run("sleep", ["60"], { timeout: 50 }), /took longer than 0.05 s/);
  });

  it("clean up when they are stopped, which is waited for and told by its reason", async () => {
    const stop = new AbortController();
    const script = `trap 'touch ${file("clean")}; exit 130' INT; touch ${file("on")}; while :; do sleep 0.05; done`;
    const running = run("bash", ["-c", script], { signal: stop.signal });
    await appears("on");
    stop.abort(new Error("enough"));
    await assert.rejects(running, /^Error: enough$/);
    assert.ok(fs.existsSync(file("clean")));
    await assert.rejects(run("true", [], { signal: stop.signal }), /^Error: enough$/);
  });

  it("pass on in a row whatever its length, and the one that failed is named", async () => {
    const million = "head -c 1000000 /dev/zero";
    const counted = `wc -c > ${file("count")}; yes | head -c 200000`;
    await pipe(["sh", "-c", million], ["sh", "-c", counted]);
    assert.equal(fs.readFileSync(file("count"), "utf8").trim(), "1000000");
    await assert.rejects(
      pipe(["sh", "-c", "echo no >&2; exit 4"], ["cat"]),
      /exit code 4:\n {2}no/,
    );
    await assert.rejects(
      pipe(["sh", "-c", `while echo x; do :; done`], ["sh", "-c", "echo full >&2; exit 5"]),
      /exit code 5:\n {2}full/,
    );
  });

  it("is content with a second program that ends before the last bytes, as a reader of archives does", async () => {
    // More than the second one's socket holds, and not more than all that is between the two.
    await pipe(
      ["head", "-c", "250000", "/dev/zero"],
      ["sh", "-c", "head -c 1000 > /dev/null; sleep 0.3"],
    );
  });

  it("that work at once are all stopped when one of them fails, and its error is what is told", async () => {
    const wait = (signal: AbortSignal) => run("sleep", ["60"], { signal }).then(() => undefined);
    const fail = () => run("sh", ["-c", "exit 6"]).then(() => undefined);
    await assert.rejects(together(undefined, [wait, fail, wait]), /exit code 6/);
  });
});
