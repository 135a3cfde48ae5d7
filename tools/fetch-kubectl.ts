/** kubectl, where the user has none: from the cluster's own programs, else from its release page. */
import * as fs from "node:fs";
import { fetchProgram, keepProgram, releasePlatform, unreachable } from "./downloads";
import { UserError } from "./errors";
import { which } from "./process";

/** Works with clusters one minor version older and newer (Kubernetes's version skew policy). */
const VERSION = "v1.35.2";

/**
 * Makes sure that there is a kubectl.
 * @param fromCluster one that the cluster brings along, as the sandbox does
 * @param report told before a download
 */
export async function ensureKubectl(
  signal: AbortSignal,
  report: (line: string) => void,
  fromCluster?: string,
): Promise<void> {
  if (which("kubectl") !== undefined) return;
  if (fromCluster !== undefined) {
    keepProgram("kubectl", fs.readFileSync(fromCluster));
    return;
  }
  const url = `https://dl.k8s.io/release/${VERSION}/bin/${releasePlatform("/")}/kubectl`;
  const reason = await unreachable(url);
  if (reason !== undefined) {
    throw new UserError(`There is no kubectl, and ${reason}.`, [
      "Install kubectl: https://kubernetes.io/docs/tasks/tools/",
    ]);
  }
  report(`kubectl: fetching ${VERSION}`);
  await fetchProgram("kubectl", url, signal);
}
