/** `npm test`: every layer that this machine can run, one after the other, and one closing line. */
import { text, type Command, type Invocation } from "../../cli/command";
import { messageOf, UsageError, UserError } from "../../tools/errors";
import { dockerFacts } from "../../tools/docker";
import { note, paint, print } from "../../cli/terminal";
import { runChecks } from "../test-runner/checks";
import { backendLayer } from "../test-runner/backend-layer";
import { frontendLayer } from "../test-runner/frontend-layer";
import { broken, type Layer, type LayerResult } from "../test-runner/layer";
import { mochaLayer } from "../test-runner/mocha-layer";
import { machineClasses, unlisted } from "../test-runner/skips";
import { allowedSkips } from "../test-runner/allowed-skips";

const checkLayer: Layer = {
  name: "check",
  title: "types, linters and formatters",
  async run(signal) {
    const { passed, failed } = await runChecks(signal);
    return { passed: passed.length, failed, skipped: [] };
  },
};

/** What `npm test` runs, in this order. */
const usual: Layer[] = [
  checkLayer,
  mochaLayer("unit", "the program, without a cluster (mocha)", true),
  backendLayer,
  frontendLayer,
  mochaLayer("live", "everything in a real cluster (mocha)"),
];

/** Only by name: it takes a quarter of an hour and breaks what it runs on. */
const layers: Layer[] = [
  ...usual,
  mochaLayer("faults", "a stack in a real cluster while things go wrong (mocha)"),
];

const usage = `Usage: npm test -- [--only LAYER,LAYER]

Layers: ${layers.map(({ name }) => name).join(", ")}. Without --only all but the last. The last line counts what ran.`;

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

async function runLayer(layer: Layer, signal: AbortSignal): Promise<LayerResult> {
  try {
    return await layer.run(signal);
  } catch (error) {
    signal.throwIfAborted();
    const next = error instanceof UserError ? error.next.map((line) => `\n  ${line}`).join("") : "";
    note(`${paint("red", "error: ")}${messageOf(error)}${next}`);
    return broken(layer.name, "it could not be started");
  }
}

async function test(invocation: Invocation): Promise<number> {
  const { signal } = invocation;
  const total: LayerResult = { passed: 0, failed: [], skipped: [] };
  for (const layer of chosen(text(invocation, "only"))) {
    print(`\n${paint("bold", `${layer.name}: ${layer.title}`)}`);
    const result = await runLayer(layer, signal);
    signal.throwIfAborted();
    const { passed, failed, skipped } = result;
    print(`${layer.name}: ${passed} passed, ${failed.length} failed, ${skipped.length} skipped`);
    total.passed += passed;
    total.failed.push(...failed);
    total.skipped.push(...skipped);
  }
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
