/** `npm run take-over`: another tool goes on with what is deployed; nothing is deleted, made anew or restarted. */
import * as path from "node:path";
import { released } from "../../automation/adopt";
import { stackExists } from "../../automation/state";
import { LOCAL_STACK, usesOwnBackend } from "../../automation/environment";
import { installedHelm, leastHelm } from "../../tools/helm";
import type { ClusterAddress } from "../../tools/kubectl";
import { installedPulumi } from "../../tools/pulumi";
import { state } from "../../tools/paths";
import { messageOf, UserError } from "../../tools/errors";
import { text, given, type Command, type Invocation } from "../command";
import { openStack } from "../engine/update";
import { askCluster } from "../probes/cluster";
import { readRecord, requireStackName, writeRecord } from "../stack-record";
import { stackValue } from "../stack-file";
import { targetStack } from "../target-stack";
import { note, paint, print } from "../terminal";
import { acceptRestarts, planned, type Plan } from "../take-over/plan";
import { takeOverWithHelm } from "../take-over/to-helm";
import { takeOverWithKubectl } from "../take-over/to-kubectl";
import { command as start } from "./start";

const usage = `Usage: npm run take-over -- [flags]

  --to pulumi|helm|kubectl  who goes on (default: pulumi)
  --stack NAME              whose configuration counts (default: local)
  --context NAME            the cluster, where no stack names it
  --namespace NAME          the namespace, where no stack names it
  --out DIR                 to helm: where values.yaml is written; to kubectl: where the manifests are
                            (default: .stack/take-over)
  --yes                     answer every question with yes

Whatever has deployed into the namespace, kubectl, Helm or a Pulumi stack, is asked for no leave: its notes on the objects,
its release or its state go, and the objects, data and passwords stay as they are. Passwords and the stack's state are in
the files that this writes: keep them as you keep those.`;

export const command: Command = {
  usage,
  flags: {
    to: { type: "string" },
    stack: { type: "string" },
    context: { type: "string" },
    namespace: { type: "string" },
    out: { type: "string" },
    yes: { type: "boolean" },
    // As npm start has them, for the way to Pulumi.
    cluster: { type: "string" },
    profile: { type: "string" },
  },
  run: takeOver,
};

async function takeOver(invocation: Invocation): Promise<number> {
  const to = text(invocation, "to") ?? "pulumi";
  if (to === "pulumi") {
    return start.run({ ...invocation, flags: { ...invocation.flags, "take-over": true } });
  }
  if (to !== "helm" && to !== "kubectl") {
    throw new UserError(`--to is ${to}; it must be pulumi, helm or kubectl.`, [], 2);
  }
  const { signal } = invocation;
  const stack = requireStackName(text(invocation, "stack") ?? LOCAL_STACK);
  const cluster = clusterOf(stack, text(invocation, "context"));
  await askCluster(cluster, ["kubectl config get-contexts   (which one is meant?)"], signal);
  const plan = await planned(cluster, stack, text(invocation, "namespace"));
  await acceptRestarts(plan, given(invocation, "yes"), signal);
  const out = path.resolve(text(invocation, "out") ?? state("take-over"));
  const next = await (to === "helm"
    ? toHelm(cluster, plan, out, signal)
    : takeOverWithKubectl(cluster, plan, path.join(out, "k8s"), signal));
  const { found } = plan;
  await forgetStack(stack, found.tools);
  print(
    `${paint("bold", "Taken over")} ${found.ours.length} objects of ${found.tools.join(" and ")}`,
  );
  print(`To change something from now on:\n  ${next}`);
  return 0;
}

async function toHelm(
  cluster: ClusterAddress,
  plan: Plan,
  out: string,
  signal: AbortSignal,
): Promise<string> {
  const cli = await installedHelm();
  if (cli === undefined) {
    throw new UserError(`Helm ${leastHelm} or newer is needed, and is not on PATH.`, [
      "Install it: https://helm.sh/docs/intro/install/",
    ]);
  }
  return takeOverWithHelm(cli, cluster, plan, path.join(out, "values.yaml"), signal);
}

/** Where the stack is, or the cluster that was named. */
function clusterOf(stack: string, context: string | undefined): ClusterAddress {
  const record = readRecord(stack);
  if (context !== undefined && record?.cluster.context !== context) {
    const named = stackValue(stack, "kubernetes:context");
    if (typeof named !== "string" || named === context) return { context };
    throw new UserError(`Pulumi.${stack}.yaml names the cluster of context ${named}.`, [], 2);
  }
  if (context === undefined && record === undefined && stack === LOCAL_STACK) {
    throw new UserError("There is no stack in this folder that names a cluster.", [
      "npm run take-over -- --context NAME   (kubectl config get-contexts)",
    ]);
  }
  return targetStack(stack, "take-over").cluster;
}

/** The stack's state must not hold what is another owner's now: `pulumi destroy` would delete it. */
async function forgetStack(stack: string, tools: readonly string[]): Promise<void> {
  const record = readRecord(stack);
  if (record !== undefined) writeRecord({ ...record, deployed: false });
  if (usesOwnBackend(stack) && !stackExists(stack)) return;
  if (!usesOwnBackend(stack) && !tools.includes("Pulumi")) return;
  try {
    const cli = await installedPulumi();
    if (cli === undefined) throw new Error("there is no Pulumi on this machine");
    const environment = await targetStack(stack, "take-over").environment();
    const handle = await openStack(stack, cli, environment);
    const before = await handle.exportState();
    await handle.importState({ ...before, deployment: released(before.deployment) });
  } catch (error) {
    note(
      `The state of the Pulumi stack ${stack} could not be reached (${messageOf(error)}). Where it holds these objects, ` +
        `nobody may run pulumi destroy there before: pulumi state delete --all --stack ${stack}`,
    );
  }
}
