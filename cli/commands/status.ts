/** `npm run status`: what runs, from which images, where it is reached, and when it was last updated. */
import * as fs from "node:fs";
import { text, type Command, type Invocation } from "../command";
import { stateFile } from "../../automation/state";
import { usesOwnBackend } from "../../automation/environment";
import { UserError } from "../../tools/errors";
import { kubectl } from "../../tools/kubectl";
import { askCluster } from "../probes/cluster";
import { tail } from "../../tools/process";
import { targetStack, type TargetStack } from "../target-stack";
import { age, deploymentRows, podRows, scalerRows, type Listed } from "../status";
import { editedLines, editedPods, editedRemedy } from "../hot/edited";
import { paint, print, table } from "../terminal";
import { addressesOf, waitForUrl } from "../url";

export const command: Command = {
  usage: `Usage: npm run status -- [--stack NAME]

Pods, images, autoscaler, URL and last update. Exit code 1 when something is not ready.`,
  flags: { stack: { type: "string" } },
  run: status,
};

const KINDS = "deployments,statefulsets,pods,horizontalpodautoscalers";

async function listed(used: TargetStack, signal: AbortSignal): Promise<Listed> {
  const args = ["-n", used.namespace, "get", KINDS, "-o", "json", "--request-timeout=10s"];
  const { code, stdout, stderr } = await kubectl(used.cluster, args, { signal });
  if (code !== 0) throw new UserError(`kubectl failed: ${tail(stderr, 2)}`, ["npm run doctor"]);
  return JSON.parse(stdout) as Listed;
}

function section(title: string, rows: string[][]): void {
  if (rows.length < 2) return;
  print();
  const [head = "", ...lines] = table(rows);
  print(paint("bold", title));
  print(`  ${paint("dim", head)}`);
  lines.forEach((line) => {
    print(`  ${line}`);
  });
}

/** When the state was last written; for another backend only that backend knows it. */
function lastUpdate({ stack }: TargetStack): string | undefined {
  const file = stateFile(stack);
  if (!usesOwnBackend(stack) || !fs.existsSync(file)) return undefined;
  return `${age(fs.statSync(file).mtimeMs)} ago`;
}

async function status(invocation: Invocation): Promise<number> {
  const { signal } = invocation;
  const used = targetStack(text(invocation, "stack"), "status");
  const { version } = await askCluster(
    used.cluster,
    ["npm start   (starts a local one again)"],
    signal,
  );
  const objects = await listed(used, signal);
  // One look: a status does not wait for anything to come up.
  const reached = await waitForUrl(() => addressesOf(used.stack, used.cluster), signal, 0);
  const update = lastUpdate(used);
  const facts: [string, string][] = [
    ["Stack", `${used.stack}, namespace ${used.namespace}, engine ${used.engine}`],
    ["Cluster", `${used.cluster.context}, Kubernetes ${version}`],
    ["URL", "url" in reached ? reached.url : paint("red", reached.otherwise)],
    ...(update === undefined ? [] : [["Updated", update] as [string, string]]),
  ];
  table(facts).forEach(print);
  if (objects.items.length === 0) {
    print();
    print("Nothing is deployed.");
    return 1;
  }
  const edited = editedPods(objects.items.filter(({ kind }) => kind === "Pod"));
  if (edited.length > 0) {
    print();
    editedLines(edited).forEach((line) => {
      print(paint("yellow", line));
    });
    print(editedRemedy);
  }
  section("Applications", deploymentRows(objects));
  section("Pods", podRows(objects));
  section("Autoscaler", scalerRows(objects));
  const ready = deploymentRows(objects)
    .slice(1)
    .every((row) => !row.includes("not ready"));
  return ready && ("url" in reached || reached.isInternal === true) ? 0 : 1;
}
