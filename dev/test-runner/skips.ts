/** Which tests may be skipped here: a skip that is not listed for this kind of machine fails the run. */
import { existsSync } from "node:fs";
import type { AllowedSkip, MachineClass } from "./allowed-skips";
import type { DockerFacts } from "../../tools/docker";
import { run, which } from "../../tools/process";
import { installedPulumi } from "../../tools/pulumi";

/** What this machine lacks; a machine can be of several classes, or of none. */
export async function machineClasses(docker: DockerFacts | undefined): Promise<MachineClass[]> {
  const classes: MachineClass[] = [];
  if ((await installedPulumi()) === undefined) classes.push("no-pulumi");
  if (which("minikube") === undefined) classes.push("no-minikube");
  if ((await run("docker", ["buildx", "version"], { timeout: 20_000 })).code !== 0) {
    classes.push("no-buildx");
  }
  if (which("go") === undefined) classes.push("no-go");
  if (!existsSync(process.env["CHROMIUM"] ?? "/usr/bin/chromium")) classes.push("no-browser");
  if (process.env["TODO_FAULTS_NODES"] !== "2") classes.push("one-node");
  if ((process.env["TODO_FAULTS_KUBE_ROUTER"] ?? "") === "") classes.push("no-policy-engine");
  // Only the sandbox can start a daemon, and it needs root for that.
  if (docker?.daemon === undefined && process.getuid?.() !== 0) classes.push("no-docker");
  return classes;
}

/** The skips that nothing allows; a listed name covers every test whose full name begins with it. */
export function unlisted(
  skipped: readonly { test: string; reason: string }[],
  classes: readonly MachineClass[],
  allowed: Partial<Record<MachineClass, readonly AllowedSkip[]>>,
): { test: string; reason: string }[] {
  const names = classes.flatMap((name) => allowed[name] ?? []).map(({ test }) => test);
  return skipped.filter(({ test }) => !names.some((name) => test.startsWith(name)));
}
