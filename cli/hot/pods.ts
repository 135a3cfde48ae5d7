/** The pods that run saved files, as they come and go. */
import * as readline from "node:readline";
import { hotLabel } from "../../manifests/hot";
import { kubectlStream, type ClusterAddress } from "../../tools/kubectl";

export interface HotPod {
  uid: string;
  name: string;
  app: string;
  node: string;
}

const FIELDS = [
  "{.metadata.uid}",
  "{.metadata.name}",
  "{.metadata.labels.app}",
  "{.spec.nodeName}",
  "{.metadata.deletionTimestamp}",
  "{.status.phase}",
];

/** kubectl would make columns of tabs. */
const SEPARATOR = "|";

/** A line of the watch: a pod, and whether it can be sent files. */
export function parsePod(line: string): (HotPod & { isThere: boolean }) | undefined {
  const [uid = "", name = "", app = "", node = "", ending = "", phase = ""] = line.split(SEPARATOR);
  if (uid === "" || app === "") return undefined;
  const isOver = ending !== "" || phase === "Failed" || phase === "Succeeded";
  return { uid, name, app, node, isThere: node !== "" && !isOver };
}

/**
 * Watches until the signal.
 * @param changed called with every pod of the kind whenever something of it changes
 */
export async function watchPods(
  cluster: ClusterAddress,
  namespace: string,
  changed: (pod: HotPod & { isThere: boolean }) => void,
  signal: AbortSignal,
): Promise<void> {
  const output = `jsonpath=${FIELDS.join(SEPARATOR)}{"\\n"}`;
  const args = ["-n", namespace, "get", "pods", "-l", hotLabel, "--watch", "-o", output];
  while (!signal.aborted) {
    const { stdout, done } = kubectlStream(cluster, args, signal);
    for await (const line of readline.createInterface({ input: stdout })) {
      const pod = parsePod(line);
      if (pod !== undefined) changed(pod);
    }
    // The API server ends a watch after some minutes; the next one begins with all there is.
    await done.catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, signal.aborted ? 0 : 500));
  }
}
