import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";

import type { Pod } from "../live/support/cluster";
import type { Background } from "../live/support/project";
import { mainProcess } from "./faults/pods";
import { sharedStack, type Stack } from "./support/stack";

const minutes = 60_000;
const EDITS = 20;

/** `npm run dev -- --cluster`: what is saved runs in every pod, whatever happens to the pods. */
describe("files that are edited in the cluster", function () {
  this.timeout(10 * minutes);
  this.bail(true);
  let stack: Stack;
  let dev: Background | undefined;
  let main = "";
  let original = "";
  let page = "";
  let untouched = "";

  before(async function () {
    this.timeout(30 * minutes);
    stack = await sharedStack();
    await stack.settled();
    main = stack.project.path("backend", "app", "main.py");
    original = readFileSync(main, "utf8");
    page = stack.project.path("frontend", "pages", "sign-in.tsx");
    untouched = readFileSync(page, "utf8");
  });

  after(async () => {
    writeFileSync(main, original);
    writeFileSync(page, untouched);
    await dev?.interrupt();
  });

  /** Saves a file, and waits for what the developer is told. */
  async function save(file: string, text: string, told: RegExp): Promise<string> {
    assert.ok(dev);
    const from = dev.output.length;
    writeFileSync(file, text);
    return dev.printsAfter(from, told);
  }

  const withMark = (mark: string) =>
    `${original}\n\n@app.get("/mark")\ndef mark() -> str:\n    return "${mark}"\n`;

  async function answers(pods: readonly Pod[]): Promise<string[]> {
    return Promise.all(
      pods.map(
        async ({ metadata: { name } }) =>
          JSON.parse(await stack.cluster.ask(name, 8000, "/mark")) as string,
      ),
    );
  }

  /** What each back-end pod answers that has files, one after the other where they are the same. */
  async function served(): Promise<string[]> {
    return [...new Set(await answers(await stack.cluster.servingPods("backend")))];
  }

  const withTitle = (title: string) =>
    untouched.replace(/title="Welcome[^"]*"/, `title="${title}"`);

  /** The titles that its pods' pages have. */
  async function titles(): Promise<string[]> {
    const pods = await stack.cluster.servingPods("frontend");
    const found = await Promise.all(
      pods.map(({ metadata: { name } }) => stack.cluster.ask(name, 3000, "/sign-in")),
    );
    return [...new Set(found.map((html) => /Welcome \w+/.exec(html)?.[0] ?? html))];
  }

  async function allReady(): Promise<void> {
    await stack.cluster.kubectl("rollout", "status", "deployment/backend", "--timeout=180s");
  }

  it("are served by every pod of the back end without a build", async () => {
    dev = stack.project.background("dev", "--", "--cluster");
    await dev.printsAfter(0, /Ctrl-C builds what was edited/, 10);
    await stack.settled();
    const before = await stack.cluster.podIds("backend");
    await save(main, withMark("first"), /backend\/app\/main\.py: served by/);
    assert.deepEqual(await served(), ["first"]);
    assert.deepEqual(await stack.cluster.podIds("backend"), before);
  });

  it("are named by status and drift, with the pods that run them", async () => {
    const [pod] = await stack.cluster.pods("backend");
    const label = pod?.metadata.labels["todo-app/edited"] ?? "";
    assert.match(label, /^[0-9a-f]{12}$/);
    const status = await stack.project.run("status");
    assert.match(status.output, new RegExp(`run edited files, content ${label}`));
    if (!stack.pulumi) return;
    const drift = await stack.project.run("drift");
    assert.equal(drift.code, 2, drift.output);
    assert.match(drift.output, new RegExp(`run edited files, content ${label}`));
  });

  it("do not take the place of those that run where they have an error, which is shown", async () => {
    const told = await save(main, `${withMark("broken")}def half(\n`, /SyntaxError/);
    assert.match(told, /app\/main\.py/);
    assert.deepEqual(await served(), ["first"]);
  });

  it("are the last good ones in a pod that takes a deleted one's place meanwhile", async () => {
    const [pod] = await stack.cluster.pods("backend");
    await stack.cluster.kubectl("delete", "pod", pod?.metadata.name ?? "");
    await allReady();
    assert.deepEqual(await served(), ["first"]);
  });

  it("are served again once they are right", async () => {
    await save(main, withMark("second"), /backend\/app\/main\.py: served by/);
    assert.deepEqual(await served(), ["second"]);
  });

  it("are those of a new replica too, before it is ready", async () => {
    // The autoscaler allows four, and an earlier suite may have left as many.
    for (const replicas of [2, 3]) {
      await stack.cluster.kubectl("scale", "deployment/backend", `--replicas=${replicas}`);
      await pause(1000);
    }
    await allReady();
    assert.ok((await stack.cluster.servingPods("backend")).length >= 3);
    assert.deepEqual(await served(), ["second"]);
  });

  it("are still there after a container was killed", async () => {
    const [pod] = await stack.cluster.servingPods("backend");
    const before = await stack.cluster.restarts("backend");
    const node = await stack.nodeOf(pod?.metadata.name ?? "");
    await stack.onNode(
      ...[node, "kill", "-KILL"],
      await mainProcess(stack, node, pod?.metadata.uid ?? ""),
    );
    while ((await stack.cluster.restarts("backend")) === before) await pause(500);
    await allReady();
    assert.deepEqual(await served(), ["second"]);
  });

  it(`are never old once they are said to be served, in ${EDITS} edits`, async () => {
    const times: number[] = [];
    let asked = 0;
    for (let edit = 1; edit <= EDITS; edit++) {
      const told = await save(main, withMark(`edit ${edit}`), /main\.py: served by .*\(/);
      times.push(Number(/\(([\d.]+) s\)/.exec(told)?.[1]));
      const found = await answers(await stack.cluster.servingPods("backend"));
      asked += found.length;
      assert.deepEqual([...new Set(found)], [`edit ${edit}`]);
    }
    times.sort((a, b) => a - b);
    console.log(
      `      ${EDITS} edits, ${asked} answers, 0 old; seconds from the saved file to all pods: ` +
        `median ${times[EDITS / 2]}, most ${times.at(-1)}`,
    );
  });

  it("of the front end are served by every one of its pods", async () => {
    await save(page, withTitle("Welcome first"), /pages\/sign-in\.tsx: served by/);
    assert.deepEqual(await titles(), ["Welcome first"]);
  });

  it("of the front end do not take the place of those that serve where they cannot be read", async () => {
    await save(
      page,
      `${withTitle("Welcome broken")}const half = (`,
      /\[ERROR\].*\n[^]*sign-in\.tsx:/,
    );
    assert.deepEqual(await titles(), ["Welcome first"]);
  });

  it("of the front end do not take the place of those that serve where no page can be made of them", async () => {
    const missing = withTitle("Welcome missing").replace(
      "export default",
      'import { gone } from "@/features/gone";\n\nexport const used = gone;\n\nexport default',
    );
    await save(page, missing, /2 pods do not run with it[^]*features\/gone/);
    assert.deepEqual(await titles(), ["Welcome first"]);
  });

  it("of the front end are served again once they are right, and from a new pod's start", async () => {
    await save(page, withTitle("Welcome second"), /pages\/sign-in\.tsx: served by/);
    assert.deepEqual(await titles(), ["Welcome second"]);
    const [pod] = await stack.cluster.pods("frontend");
    await stack.cluster.kubectl("delete", "pod", pod?.metadata.name ?? "");
    await stack.cluster.kubectl("rollout", "status", "deployment/frontend", "--timeout=180s");
    assert.deepEqual(await titles(), ["Welcome second"]);
  });

  it("become an image with Ctrl-C, and nothing else of them is left", async () => {
    const from = dev?.output.length ?? 0;
    const finished = await dev?.interrupt();
    dev = undefined;
    const output = finished?.output.slice(from) ?? "";
    assert.match(output, /^\S+ \d+ unchanged, .*updated/m);
    if (stack.pulumi) {
      const done = output.match(/^ {2}[~+-].*$/gm) ?? [];
      const backend = done.filter((line) => /backend/.test(line));
      assert.equal(backend.filter((line) => /Deployment/.test(line)).length, 1, done.join("\n"));
      assert.equal(backend.filter((line) => /Load/.test(line)).length, 1, done.join("\n"));
    }
    await stack.settled();
    const pods = await stack.cluster.pods("backend");
    assert.deepEqual([...new Set(await answers(pods))], [`edit ${EDITS}`]);
    const template = await stack.cluster.kubectl("get", "deployments", "-o", "json");
    assert.doesNotMatch(template, /hot-files|hot-work|todo-app\/edited/);
    const again = await stack.project.run("start");
    assert.match(again.output, /Stack +local: \d+ unchanged$/m);
  });

  it("are built by the next npm start where the command was ended at once", async () => {
    dev = stack.project.background("dev", "--", "--cluster");
    await dev.printsAfter(0, /Ctrl-C builds what was edited/, 10);
    await save(main, withMark("last"), /backend\/app\/main\.py: served by/);
    dev.kill();
    dev = undefined;
    assert.deepEqual(await served(), ["last"]);
    const start = await stack.project.run("start");
    assert.equal(start.code, 0, start.output);
    await stack.settled();
    assert.deepEqual(await served(), ["last"]);
    const template = await stack.cluster.kubectl("get", "deployments", "-o", "json");
    assert.doesNotMatch(template, /hot-files|hot-work|todo-app\/edited/);
  });
});
