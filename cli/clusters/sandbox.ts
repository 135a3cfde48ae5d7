/** The cluster in containers of dev/sandbox, for networks that reach only package registries. */
import type { Sandbox } from "../../dev/sandbox";
export type { Sandbox } from "../../dev/sandbox";
import { messageOf, UserError } from "../../tools/errors";
import type { ChosenCluster } from "../stack-record";
import { megabytes, print } from "../terminal";

/** Loaded late, since most machines never need it. */
export const sandboxModule = () => import("../../dev/sandbox");

/** One line on what is missing on disk and how long it takes to make; empty when it is all there. */
export async function sandboxNeeds(name?: string): Promise<string> {
  const { needs } = await (await sandboxModule()).sandboxStatus({ name });
  if (needs.length === 0) return "";
  const minutes = needs.reduce((sum, need) => sum + need.minutes, 0);
  const disk = needs.reduce((sum, need) => sum + need.diskMb, 0);
  const what = needs.map((need) => need.what).join(", ");
  return `${what}: about ${Math.max(1, Math.round(minutes))} min, ${megabytes(disk)}`;
}

/** @param name of the cluster that a stack was deployed to; by default the one that the environment names */
export async function startSandboxCluster(
  name: string | undefined,
  signal: AbortSignal,
): Promise<{ cluster: ChosenCluster; sandbox: Sandbox }> {
  const { sandboxStatus, startSandbox } = await sandboxModule();
  const { problems } = await sandboxStatus({ name });
  if (problems.length > 0) {
    throw new UserError(`The sandbox cluster cannot run here:\n${problems.join("\n")}`, [
      "npm start -- --context NAME   (a cluster that you have)",
    ]);
  }
  try {
    const report = (line: string): void => {
      print(`  ${line}`);
    };
    const sandbox = await startSandbox({ name, report, signal });
    const { context, kubeconfig } = sandbox;
    return { cluster: { kind: "sandbox", context, kubeconfig }, sandbox };
  } catch (error) {
    if (signal.aborted) throw error;
    throw new UserError(`The sandbox cluster did not start: ${messageOf(error)}`, ["npm start"]);
  }
}
