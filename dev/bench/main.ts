/**
 * `npm run bench`: what an update costs, beside the same steps by hand in the same run.
 *
 * Deploys a copy of this tree into the sandbox cluster (namespace `todo-bench`, NodePort 30301), measures, tears it down, and
 * prints every single figure with its median. Needs Pulumi on this machine: without an engine there is nothing to compare.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { loadavg } from "node:os";

import { Project } from "../../tests/live/support/project";
import { startSandbox } from "../sandbox";
import { ApiServer } from "./api-server";
import { autoscaling } from "./autoscaling";
import { byHand } from "./by-hand";
import { editBackend, everyPodServes } from "./edit";
import { type Measurement, print, timed } from "./measure";
import { Engine } from "./engine";
import { LoadBench } from "./load";
import { longList } from "./long-list";

const namespace = "todo-bench";
const repetitions = 5;
/** Gigabytes of the images whose load alone is measured: about this application's, and one with a model in it. */
const sizes = [0.3, 3];
const usage = "Usage: npm run bench [-- autoscaling [REQUESTS_A_SECOND] | -- list [TASKS]]";

async function main(): Promise<void> {
  const sandbox = await startSandbox({ report: console.error });
  const api = new ApiServer(sandbox.kubeconfig);
  const project = Project.clone();
  const measurements: Measurement[] = [];
  const measure = async (
    what: string,
    action: () => Promise<number | undefined>,
    times = repetitions,
  ) => {
    const seconds: number[] = [];
    for (let run = 0; run < times; run++) {
      let own: number | undefined;
      const elapsed = await timed(async () => (own = await action()));
      seconds.push(own ?? elapsed);
    }
    measurements.push({ what, seconds });
    console.error(`${what}: ${seconds.map((value) => value.toFixed(1)).join(" ")} s`);
  };
  try {
    project.configure({
      namespace,
      nodePort: 30301,
      backendCpuRequest: "50m",
      frontendCpuRequest: "50m",
      rolloutSurge: 1,
    });
    const started = await project.run("start");
    if (started.code !== 0) throw new Error(started.output);
    const engine = await Engine.of(project);
    const at = { kubeconfig: sandbox.kubeconfig, context: sandbox.context, namespace };

    await engine.pulumi("destroy", "--yes", "--skip-preview");
    await measure(
      "first update, warm build cache",
      whole(() => engine.up()),
      1,
    );
    await measure(
      "unchanged update",
      whole(() => engine.up()),
    );
    await measure(
      "preview",
      whole(() => engine.pulumi("preview")),
    );
    const edited = (update: () => Promise<void>) => async () => {
      const version = editBackend(project);
      const start = performance.now();
      const served = everyPodServes(api, at, version).then(() => performance.now() - start);
      const [milliseconds] = await Promise.all([served, update()]);
      return milliseconds / 1000;
    };
    await measure(
      "edit → every pod serves it, pulumi up, one pod at a time",
      edited(() => engine.up()),
    );
    await measure(
      "edit → every pod serves it, by hand",
      edited(() => byHand(project, at)),
    );
    const developing = project.background("dev", "--", "--cluster");
    try {
      await developing.printsAfter(0, /Ctrl-C builds what was edited/, 10);
      await measure(
        "edit → every pod serves it, npm run dev -- --cluster",
        edited(() => Promise.resolve()),
      );
    } finally {
      await developing.interrupt();
    }
    await engine.pulumi("config", "set", "rolloutSurge", "10");
    await engine.up(); // changes no pod
    await measure(
      "edit → every pod serves it, pulumi up, all at once",
      edited(() => engine.up()),
    );
    await measure(
      "pulumi destroy",
      whole(() => engine.pulumi("destroy", "--yes", "--skip-preview")),
      1,
    );
    await engine.up();
    await measure(
      "npm run down, without a dump",
      whole(async () => {
        const { code, output } = await project.run("down", "--", "--no-backup", "--yes");
        if (code !== 0) throw new Error(output);
      }),
      1,
    );
    process.env["KUBECONFIG"] = sandbox.kubeconfig;
    for (const size of sizes) {
      const bench = new LoadBench(sandbox, size);
      try {
        const what = `load of one changed line of ${size} GB`;
        await bench.asAnUpdateDoes(); // all of it, once
        await measure(what, () => bench.asAnUpdateDoes());
        await measure(`${what}, by hand`, () => bench.byHand());
      } finally {
        await bench.remove();
      }
    }
    print(measurements);
    mkdirSync("artifacts", { recursive: true });
    const file = "artifacts/bench.json";
    const figures = { measured: new Date(), loadAverage: loadavg(), measurements };
    writeFileSync(file, `${JSON.stringify(figures, undefined, 2)}\n`);
    console.log(`\nLoad average ${loadavg()[0]?.toFixed(1)}; every figure is in ${file}.`);
  } finally {
    api.close();
    await project.run("down", "--", "--no-backup", "--yes");
    project.remove();
  }
}

/** Timed from its start to its end. */
const whole = (action: () => Promise<void>) => async (): Promise<undefined> => {
  await action();
};

/** `npm run bench -- autoscaling` and `-- list` are other measurements than the one without words. */
async function chosen(): Promise<void> {
  const [what, number] = process.argv.slice(2);
  const given = number === undefined ? undefined : Number(number);
  if (what === undefined) return main();
  if (given !== undefined && !(given > 0)) throw new Error(usage);
  if (what === "autoscaling") return autoscaling(given ?? 100);
  if (what === "list") return longList(given);
  throw new Error(usage);
}

chosen().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
