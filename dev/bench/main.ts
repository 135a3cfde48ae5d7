/**
 * `npm run bench`: what an update costs, beside the same steps by hand in the same run.
 *
 * Deploys a copy of this tree into the sandbox cluster (namespace `todo-bench`, NodePort 30301), measures, tears it down, and
 * prints every single figure with its median. Needs Pulumi on this machine: without an engine there is nothing to compare.
 */
import { writeFileSync } from "node:fs";

import { Project } from "../../tests/live/support/project";
import { startSandbox } from "../sandbox";
import { autoscaling } from "./autoscaling";
import { byHand } from "./by-hand";
import { editBackend, everyPodServes } from "./edit";
import { type Measurement, print, timed } from "./measure";
import { Engine } from "./engine";
import { longList } from "./long-list";

const namespace = "todo-bench";
const repetitions = 3;
const usage = "Usage: npm run bench [-- autoscaling [REQUESTS_A_SECOND] | -- list [TASKS]]";

async function main(): Promise<void> {
  const sandbox = await startSandbox({ report: console.error });
  const project = Project.clone();
  const measurements: Measurement[] = [];
  const measure = async (what: string, action: () => Promise<void>, times = repetitions) => {
    const seconds: number[] = [];
    for (let run = 0; run < times; run++) seconds.push(await timed(action));
    measurements.push({ what, seconds });
    console.error(`${what}: ${seconds.map((value) => value.toFixed(1)).join(" ")} s`);
  };
  try {
    project.configure({
      namespace,
      nodePort: 30301,
      backendCpuRequest: "50m",
      frontendCpuRequest: "50m",
    });
    const started = await project.run("start");
    if (started.code !== 0) throw new Error(started.output);
    const engine = await Engine.of(project);
    const at = { kubeconfig: sandbox.kubeconfig, context: sandbox.context, namespace };

    await engine.pulumi("destroy", "--yes", "--skip-preview");
    await measure("first update, warm build cache", () => engine.up(), 1);
    await measure("unchanged update", () => engine.up());
    await measure("preview", () => engine.pulumi("preview"));
    await measure("edit → every pod serves it, pulumi up", async () => {
      const version = editBackend(project);
      await engine.up();
      await everyPodServes(at, version);
    });
    await measure("edit → every pod serves it, by hand", async () => {
      const version = editBackend(project);
      await byHand(project, at);
      await everyPodServes(at, version);
    });
    await measure("destroy", () => engine.pulumi("destroy", "--yes", "--skip-preview"), 1);
    print(measurements);
    writeFileSync("dev/bench/last.json", `${JSON.stringify(measurements, undefined, 2)}\n`);
  } finally {
    await project.run("down", "--", "--no-backup", "--yes");
    project.remove();
  }
}

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
