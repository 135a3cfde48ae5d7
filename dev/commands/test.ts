/** `npm test`: every layer that this machine can run, those in a cluster beside the others, and one closing line. */
import * as os from "node:os";
import { text, type Command, type Invocation } from "../../cli/command";
import { UsageError } from "../../tools/errors";
import { dockerFacts } from "../../tools/docker";
import { paint, print } from "../../cli/terminal";
import { runChecks } from "../test-runner/checks";
import { backendLayer } from "../test-runner/backend-layer";
import { frontendLayer } from "../test-runner/frontend-layer";
import type { Layer, LayerResult } from "../test-runner/layer";
import { runLayers } from "../test-runner/run-layers";
import { mochaLayer } from "../test-runner/mocha-layer";
import { machineClasses, unlisted } from "../test-runner/skips";
import { allowedSkips } from "../test-runner/allowed-skips";

const checkLayer: Layer = {
  name: "check",
  place: "processors",
  title: "types, linters and formatters",
  async run(signal) {
    const { passed, failed } = await runChecks(signal);
    return { passed: passed.length, failed, skipped: [] };
  },
};

/** What `npm test` runs. */
const usual: Layer[] = [
  checkLayer,
  mochaLayer("unit", "the program, without a cluster (mocha)", "processors"),
  backendLayer,
  frontendLayer,
  mochaLayer("live", "everything in a real cluster (mocha)", "cluster"),
];

/** Only by name: they take a quarter of an hour each, and the last breaks what it runs on. */
const layers: Layer[] = [
  ...usual,
  mochaLayer("ways", "every change of tool under a running application (mocha)", "cluster"),
  mochaLayer("applications", "other people's applications in a real cluster (mocha)", "cluster"),
  mochaLayer("faults", "a stack in a real cluster while things go wrong (mocha)", "cluster"),
];

const usage = `Usage: npm test -- [--only LAYER,LAYER]

Layers: ${layers.map(({ name }) => name).join(", ")}. Without --only all but the last three. Those in a cluster run beside the others.
The last line counts what ran.`;

export const command: Command = {
  usage,
  flags: { only: { type: "string" } },
  run: test,
};

function chosen(only: string | undefined): Layer[] {
  if (only === undefined) return usual;
  return only.split(",").map((name) => {
    const layer = layers.find((candidate) => candidate.name === name.trim());
    if (layer === undefined) throw new UsageError(`There is no layer ${name}.`, usage);
    return layer;
  });
}

/** Lowers this process's priority, and that of all it starts from now on. */
function giveWay(): void {
  os.setPriority(os.constants.priority.PRIORITY_BELOW_NORMAL);
}

async function test(invocation: Invocation): Promise<number> {
  const { signal } = invocation;
  const results = await runLayers(chosen(text(invocation, "only")), signal, giveWay);
  const total: LayerResult = {
    passed: results.reduce((sum, { passed }) => sum + passed, 0),
    failed: results.flatMap(({ failed }) => failed),
    skipped: results.flatMap(({ skipped }) => skipped),
  };
  const classes = await machineClasses(await dockerFacts());
  const surprising = unlisted(total.skipped, classes, allowedSkips);
  print();
  total.failed.forEach((name) => {
    print(`${paint("red", "failed")}  ${name}`);
  });
  for (const { test: name, reason } of total.skipped) {
    print(`${paint("yellow", "skipped")} ${name}${reason === "" ? "" : `: ${reason}`}`);
  }
  for (const { test: name } of surprising) {
    print(
      `${paint("red", "failed")}  ${name} was skipped, which tests/skips.ts does not allow here`,
    );
  }
  const { passed, failed, skipped } = total;
  print(`${passed} passed, ${failed.length} failed, ${skipped.length} skipped`);
  return failed.length + surprising.length === 0 ? 0 : 1;
}
