import assert from "node:assert/strict";
import * as fs from "node:fs";

import { type Answer, FakeProject } from "./support/project";

/** Runs what `kubectl exec … -- COMMAND` is given, as the pod would. */
const IN_POD = 'while [ "$1" != "--" ]; do shift; done; shift; "$@"';

const hasDatabase: Answer = { to: "*get statefulset postgres*", stdout: "statefulset/postgres" };
const whole: Answer = { to: "* exec *", run: `${IN_POD}; exit $?` };
/** Cuts what comes out of the pod and ends with 0, as kubernetes #124571 describes. */
const cut: Answer = { to: "* exec *", run: `${IN_POD} | head -c 4096; exit 0` };

const NEEDS_LARGE = 100_000;

describe("a dump of the database", function () {
  this.timeout(60_000);
  let project: FakeProject;

  beforeEach(() => {
    project = new FakeProject();
    project.allTools();
    // A dump with a magic word, a body and an end without which it is not whole.
    project.program(
      "pg_dump",
      `for a; do case "$a" in --file=*) f="\${a#--file=}";; esac; done
[ -z "\${PG_DUMP_FAILS:-}" ] || { echo "pg_dump: error: connection failed" >&2; exit 1; }
{ printf PGDMP; head -c ${NEEDS_LARGE} /dev/zero | tr '\\0' x; echo END; } > "$f"`,
    );
    project.program(
      "pg_restore",
      `echo "$*" >> "${project.path("restored.log")}"
for a; do f="$a"; done
tail -n 1 "$f" | grep -q 'END$' || { echo "pg_restore: error: unexpected end of file" >&2; exit 1; }`,
    );
    project.write(
      ".stack/stacks/local.json",
      JSON.stringify({
        ...{ stack: "local", engine: "pulumi", deployed: true, facts: {} },
        cluster: { kind: "minikube", context: "todo-app", profile: "todo-app" },
      }),
    );
    project.write("Pulumi.local.yaml", project.read("Pulumi.dev.yaml"));
  });

  afterEach(() => {
    project.remove();
  });

  /** What replaces or removes something of the user's. */
  function destructive(): string[] {
    const replaced = fs.existsSync(project.path("restored.log"))
      ? project
          .read("restored.log")
          .split("\n")
          .filter((line) => line.includes("--clean"))
      : [];
    const removed = project
      .calls()
      .map(({ tool, args }) => `${tool} ${args}`)
      .filter((call) => /pulumi destroy|kubectl.* delete |rollout restart/.test(call));
    return [...replaced, ...removed];
  }

  it("that arrived whole is kept for its owner alone, and the pod's copy is gone", async () => {
    project.tool("kubectl", [hasDatabase, whole]);
    const tmp = project.path("pod");
    fs.mkdirSync(tmp);
    const { code, stdout, stderr } = await project.run(["backup"], { TMPDIR: tmp });
    assert.equal(code, 0, stderr);
    const [name = ""] = project.files(".stack/backups");
    assert.match(name, /^local-.*\.dump$/);
    assert.match(stdout, new RegExp(name));
    const file = fs.statSync(project.path(".stack", "backups", name));
    assert.equal(file.size, "PGDMP".length + NEEDS_LARGE + "END\n".length);
    assert.equal(file.mode & 0o077, 0);
    assert.deepEqual(
      fs.readdirSync(tmp).filter((left) => left.startsWith("todo-dump")),
      [],
    );
  });

  it("that kubectl cut without a word is refused, and nothing is destroyed", async () => {
    project.tool("kubectl", [hasDatabase, cut]);
    const { code, stdout, stderr } = await project.run(["down", "--yes"]);
    assert.equal(code, 1, stdout);
    assert.match(stderr, /could not be dumped, so nothing was changed: 4096 of its 100009 bytes/);
    assert.deepEqual(destructive(), []);
    assert.deepEqual(project.files(".stack/backups"), []);
  });

  it("that pg_restore cannot read to its end is refused, and nothing is destroyed", async () => {
    project.program(
      "pg_dump",
      'for a; do case "$a" in --file=*) printf PGDMP > "${a#--file=}";; esac; done',
    );
    project.tool("kubectl", [hasDatabase, whole]);
    const { code, stderr } = await project.run(["down", "--yes"]);
    assert.equal(code, 1);
    assert.match(stderr, /unexpected end of file/);
    assert.deepEqual(destructive(), []);
  });

  it("that cannot be made stops down, which names the way without one", async () => {
    project.tool("kubectl", [hasDatabase, whole]);
    const { code, stderr } = await project.run(["down", "--yes"], { PG_DUMP_FAILS: "1" });
    assert.equal(code, 1);
    assert.match(stderr, /connection failed/);
    assert.match(stderr, /npm run down -- --no-backup/);
    assert.deepEqual(destructive(), []);
  });

  it("is put back only when it arrived in the pod whole and what was there is saved", async () => {
    const dump = `PGDMP${"y".repeat(NEEDS_LARGE)}END\n`;
    project.write("mine.dump", dump);
    project.tool("kubectl", [hasDatabase, whole]);
    const { code, stdout, stderr } = await project.run(["restore", "--yes", "--file", "mine.dump"]);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /What was there is in \.stack\/backups\/local-/);
    assert.equal(destructive().filter((line) => line.includes("--clean")).length, 1);
  });

  it("is not put back when kubectl cut it on its way into the pod", async () => {
    project.write("mine.dump", `PGDMP${"y".repeat(NEEDS_LARGE)}END\n`);
    const cutInput: Answer = {
      to: "* exec --stdin *",
      run: `while [ "$1" != "--" ]; do shift; done; shift; head -c 5000 | "$@"; exit 0`,
    };
    project.tool("kubectl", [hasDatabase, cutInput, whole]);
    const { code, stderr } = await project.run(["restore", "--yes", "--file", "mine.dump"]);
    assert.equal(code, 1);
    assert.match(stderr, /the data is as before: 5000 of its 100009 bytes arrived/);
    assert.deepEqual(destructive(), []);
  });

  it("is not put back when it is damaged, or what was there cannot be saved", async () => {
    project.write("damaged.dump", `PGDMP${"y".repeat(NEEDS_LARGE)}`);
    project.write("mine.dump", `PGDMP${"y".repeat(NEEDS_LARGE)}END\n`);
    project.tool("kubectl", [hasDatabase, whole]);
    const damaged = await project.run(["restore", "--yes", "--file", "damaged.dump"]);
    assert.equal(damaged.code, 1);
    assert.match(damaged.stderr, /cannot read all of it/);
    project.tool("kubectl", [hasDatabase, { ...cut, to: "* exec postgres-0 * cat *" }, whole]);
    const unsaved = await project.run(["restore", "--yes", "--file", "mine.dump"]);
    assert.equal(unsaved.code, 1);
    assert.match(unsaved.stderr, /could not be dumped/);
    assert.deepEqual(destructive(), []);
  });

  it("is by default the stack's own newest, never another stack's", async () => {
    for (const name of [
      ...["2026-01-02T00-00-00", "local-2026-01-03T00-00-00", "staging-2026-01-05T00-00-00"],
      "local-x-2026-01-04T00-00-00",
    ]) {
      project.write(`.stack/backups/${name}.dump`, "PGDMP…");
    }
    const local = await project.run(["restore"]);
    assert.match(local.stderr, /by \.stack\/backups\/local-2026-01-03T00-00-00\.dump\?/);
    const staging = await project.run(["restore", "--stack", "staging"]);
    assert.match(staging.stderr, /by \.stack\/backups\/staging-2026-01-05T00-00-00\.dump\?/);
  });
});
