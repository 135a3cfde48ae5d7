import { type Sandbox, startSandbox } from "../../../dev/sandbox";
import { buildTimeout, goProgram } from "../../unit/render/support/tools";

/** Milliseconds that building Helm and a cluster take at most. */
export const helmAndClusterTimeout = buildTimeout + 30 * 60_000;

/** Helm 4, and the sandbox cluster; undefined where Helm is not to be had. */
export async function helmAndCluster(): Promise<{ helm: string; sandbox: Sandbox } | undefined> {
  const helm = await goProgram("helm4");
  if (helm === undefined) return undefined;
  return { helm, sandbox: await startSandbox({ report: console.log }) };
}
