import assert from "node:assert/strict";
import { appendFileSync, readdirSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import * as path from "node:path";

import { startAndKill } from "./support/killed";
import { sharedStack, type Stack } from "./support/stack";

const minutes = 60_000;

/** Lines of an update after which it is killed; each is of a resource that cannot be made before the one above it. */
const points: readonly [string, RegExp][] = [
  ["an image is being built", /Image \S+ creating/],
  ["the first objects are there", /ConfigMap todo-config +created/],
  ["the database is being made", /StatefulSet postgres creating/],
  ["the back end is being rolled out", /Deployment backend creating/],
  ["the last object is there", /HorizontalPodAutoscaler \S+ +created/],
];

describe("the engine with faults", function () {
  this.timeout(15 * minutes);
  let stack: Stack;

  before(async function () {
    this.timeout(30 * minutes);
    stack = await sharedStack();
    if (!stack.pulumi) this.skip();
  });

  async function started(): Promise<string> {
    const { code, output } = await stack.project.run("start");
    assert.equal(code, 0, output);
    return output;
  }

  async function nothingIsLeftToDo(): Promise<void> {
    const again = await started();
    assert.match(again, /Stack +local: \d+ unchanged\n/, "a second run changed something");
    const state = readFileSync(stateFile(stack), "utf8");
    assert.doesNotMatch(state, /"pending_operations": \[\s*\{/);
  }

  it("ends well after five updates that were killed on their way to a new stack", async () => {
    const { code, output } = await stack.project.run("down", "--", "--no-backup", "--yes");
    assert.equal(code, 0, output);
    for (const [what, point] of points) {
      const killed = await startAndKill(stack.project, point);
      assert.ok(killed.at, `it was never true that ${what}:\n${killed.output}`);
      console.log(`      killed while ${what}: ${killed.at}`);
    }
    const last = await started();
    assert.match(last, /its lock is removed/);
    const [user] = await stack.users(1);
    await user?.addTask("after five deaths");
    await nothingIsLeftToDo();
  });

  it("keeps serving, and loses no row, while an update is killed and run again", async () => {
    const [user] = await stack.users(1);
    assert.ok(user);
    await user.addTask("kept");
    const main = stack.project.path("backend", "app", "main.py");
    appendFileSync(main, '\napp.version = "changed-and-killed"\n');
    const killed = await startAndKill(stack.project, /Deployment backend updating/);
    assert.ok(killed.at, killed.output);
    assert.equal(await user.probe(), "200");
    await started();
    assert.deepEqual(
      (await user.tasks()).map(({ title }) => title),
      ["kept"],
    );
    await nothingIsLeftToDo();
  });

  it("says how to get past a lock that was left on another machine, and that works", async () => {
    appendFileSync(
      stack.project.path("backend", "app", "main.py"),
      '\napp.version = "for a lock"\n',
    );
    const killed = await startAndKill(stack.project, /Image \S+ updating/);
    assert.ok(killed.at, killed.output);
    const file = lockFile(stack);
    const lock = JSON.parse(readFileSync(file, "utf8")) as object;
    writeFileSync(file, JSON.stringify({ ...lock, hostname: "elsewhere" }));

    const refused = await stack.project.run("start");
    assert.notEqual(refused.code, 0);
    assert.match(refused.output, /Another update of this stack is running .*on elsewhere/);
    assert.match(refused.output, /npm run pulumi -- cancel/);

    const cancelled = await stack.project.run("pulumi", "--", "cancel", "--yes");
    assert.equal(cancelled.code, 0, cancelled.output);
    await started();
  });

  it("says how to get past a state that is damaged, and that works", async () => {
    const [user] = await stack.users(1);
    assert.ok(user);
    await user.addTask("kept");
    const file = stateFile(stack);
    truncateSync(file, Math.floor(readFileSync(file).length / 2));
    truncateSync(`${file}.attrs`, 0); // as a killed update was seen to leave it

    const refused = await stack.project.run("start");
    assert.notEqual(refused.code, 0);
    assert.match(refused.output, /state .*damaged/i);
    const [, command] = /^ +(cp \S+ \S+)/m.exec(refused.output) ?? [];
    assert.ok(command, `no way out is named:\n${refused.output}`);
    await stack.onHost(command);
    const refreshed = await stack.project.run("pulumi", "--", "refresh", "--yes", "--skip-preview");
    assert.equal(refreshed.code, 0, refreshed.output);
    await started();
    assert.equal(await user.probe(), "200");
    assert.equal((await user.tasks()).length, 1);
    await nothingIsLeftToDo();
  });

  it("mends a database's password that somebody changed behind its back", async () => {
    const [user] = await stack.users(1);
    assert.ok(user);
    await user.addTask("kept");
    await stack.sql("ALTER ROLE todo PASSWORD 'expired'");
    await stack.sql(
      "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name <> 'psql' AND usename = 'todo'",
    );
    // The first ones only notice that their connection is gone.
    for (let n = 0; n < 10; n++) assert.match(await user.probe(), /^50[23]$/);
    const logs = await stack.cluster.kubectl("logs", "-l", "app=backend", "--tail=200");
    assert.match(logs, /password authentication failed/);

    // A new password for both sides: the Secret's is the role's as soon as the pod has started with it.
    const urn = await passwordUrn(stack);
    const rotated = await stack.project.run(
      ...["pulumi", "--", "up", "--yes", "--skip-preview", "--replace", urn],
    );
    assert.equal(rotated.code, 0, rotated.output);
    assert.equal(await user.probe(), "200");
    assert.equal((await user.tasks()).length, 1);
  });
});

function backend({ project }: Stack, ...parts: string[]): string {
  return project.path(".stack", "backend", ".pulumi", ...parts);
}

function stateFile(stack: Stack): string {
  return backend(stack, "stacks", "todo-app", "local.json");
}

function lockFile(stack: Stack): string {
  const folder = backend(stack, "locks", "organization", "todo-app", "local");
  const file = readdirSync(folder).find((name) => name.endsWith(".json"));
  assert.ok(file, "a killed update left no lock");
  return path.join(folder, file);
}

async function passwordUrn(stack: Stack): Promise<string> {
  const { output } = await stack.project.run("pulumi", "--", "stack", "--show-urns");
  const urn = /urn:\S+::database-password/.exec(output)?.[0];
  assert.ok(urn, output);
  return urn;
}
