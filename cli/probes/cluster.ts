/** The cluster of a command: asked, or the reason why it does not answer in words for the user. */
import { UserError } from "../../tools/errors";
import {
  ClusterUnreachable,
  localRegistry,
  readCluster,
  type Cluster,
  type ClusterAddress,
} from "../../tools/kubectl";
import type { Finding } from "./finding";

/**
 * @param next what to do when it does not answer
 * @throws UserError with kubectl's own words
 */
export async function askCluster(
  address: ClusterAddress,
  next: readonly string[],
  signal?: AbortSignal,
): Promise<Cluster> {
  try {
    return await readCluster(address, signal);
  } catch (error) {
    if (!(error instanceof ClusterUnreachable)) throw error;
    throw new UserError(firstLine(error), next);
  }
}

/** Without kubectl's general remedy: who asks knows a better one. */
function firstLine(error: Error): string {
  return error.message.split("\n")[0] ?? "";
}

/** The row of the table; `cluster` is undefined before the first `npm start`. */
export async function probeCluster(cluster: ClusterAddress | undefined): Promise<Finding> {
  const tool = "Cluster";
  if (cluster === undefined) {
    const problem = "none chosen yet";
    return { tool, found: "", version: "", problem, remedy: "npm start", level: "optional" };
  }
  const found = `context ${cluster.context}`;
  try {
    const [{ nodes, version }, registry] = await Promise.all([
      readCluster(cluster),
      localRegistry(cluster),
    ]);
    const size =
      nodes === undefined
        ? "its nodes may not be listed"
        : `${nodes.length} node${nodes.length === 1 ? "" : "s"}, ${nodes[0]?.runtime ?? "no node"}`;
    return {
      ...{ tool, found: `${found}, ${size}`, version, level: "fine" },
      // Not a fault: the cluster offers a faster way that only config may select.
      ...(registry === undefined
        ? {}
        : {
            remedy: `the cluster has a registry of its own (KEP-1755); to use it: npm run pulumi -- config set imageLoader registry && npm run pulumi -- config set registry ${registry}`,
          }),
    };
  } catch (error) {
    if (!(error instanceof ClusterUnreachable)) throw error;
    const problem = firstLine(error).replace(/^.*does not answer/, "does not answer");
    return { tool, found, version: "", problem, remedy: "npm start", level: "optional" };
  }
}
