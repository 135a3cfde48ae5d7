/** One update of the stack that `npm start` made, with its engine; the cluster is expected to run. */
import { installedPulumi } from "../tools/pulumi";
import { openStack, update } from "./engine/update";
import { hotValue, hotVariable, type HotChoice } from "../stack/hot";
import { updateEnvironment } from "./environment";
import { UserError } from "../tools/errors";
import type { Environment } from "../automation/environment";
import type { StackRecord } from "./stack-record";

/**
 * @param options.refresh whether the cluster is another one than at the last update
 * @param options.hot whose files are edited in the cluster; kept nowhere, so for this update alone
 * @returns what changed: "2 updated, 20 unchanged"
 */
export async function updateAgain(
  record: StackRecord,
  signal: AbortSignal,
  { refresh = false, hot = {} }: { refresh?: boolean; hot?: HotChoice } = {},
): Promise<string> {
  const environment: Environment = {
    ...(await updateEnvironment(record)),
    [hotVariable]: hotValue(hot),
  };
  if (record.engine === "pulumi") {
    const cli = await installedPulumi();
    if (cli === undefined) throw new UserError("Pulumi is not there any more.", ["npm start"]);
    const handle = await openStack(record.stack, cli, environment, { create: true });
    return (await update(handle, { refresh, cluster: record.cluster, signal })).summary();
  }
  // Builds and loads happen in this process, and they look at its environment.
  for (const [name, value] of Object.entries(environment)) {
    if (value !== undefined) process.env[name] = value;
  }
  const { kubectlUpdate } = await import("./kubectl-engine/update");
  const counts = await kubectlUpdate({ stack: record.stack, cluster: record.cluster, signal, hot });
  return [...counts].map(([word, count]) => `${count} ${word}`).join(", ");
}
