/** `npm run drift`: what was changed in the cluster behind the engine's back. */
import { driftLines } from "../../review/drift";
import { isEmpty } from "../../review/model";
import { given, text, type Command, type Invocation } from "../command";
import { installedPulumi } from "../../tools/pulumi";
import { openStack, update } from "../engine/update";
import type { Environment } from "../../automation/environment";
import { UserError } from "../../tools/errors";
import { askCluster } from "../probes/cluster";
import { hotLabel } from "../../manifests/hot";
import { kubectl } from "../../tools/kubectl";
import {
  editedLines,
  editedPods,
  editedRemedy,
  type EditedPod,
  type LabelledPod,
} from "../hot/edited";
import { targetStack, type TargetStack } from "../target-stack";
import { note, paint, print } from "../terminal";

export const command: Command = {
  usage: `Usage: npm run drift -- [flags]

  --stack NAME   a stack of your team (default: local)
  --repair       bring the cluster back to what the program and its configuration say now
  --json         print the differences as data

Compares the state with the cluster and, without --repair, changes neither. Exit code 0: no difference,
2: there are some, 1: it could not be found out. What an autoscaler scales is no difference.`,
  flags: { stack: { type: "string" }, repair: { type: "boolean" }, json: { type: "boolean" } },
  run: drift,
};

/** Differences found, for scripts; `terraform plan -detailed-exitcode` uses the same numbers. */
const DIFFERENT = 2;

/**
 * A field that somebody set with kubectl belongs to kubectl for the API server, which refuses the update of it
 * (seen with `kubectl scale` and `kubectl patch`, not after `kubectl set image`). This makes the provider insist.
 */
const INSIST: Environment = { PULUMI_K8S_ENABLE_PATCH_FORCE: "true" };

async function drift(invocation: Invocation): Promise<number> {
  const { signal } = invocation;
  const used = targetStack(text(invocation, "stack"), "drift");
  if (used.engine === "kubectl") {
    throw new UserError("The stack was deployed without Pulumi, so there is no state to compare.", [
      "npm start   (applies the program's objects again, which takes back what was changed by hand)",
    ]);
  }
  await askCluster(used.cluster, ["npm start   (starts a local one again)"], signal);
  note(`Comparing the state of ${used.stack} with the cluster ${used.cluster.context} …`);
  const cli = await installedPulumi();
  if (cli === undefined) throw new UserError("There is no Pulumi on this machine.", ["npm start"]);
  const environment = { ...(await used.environment()), ...INSIST };
  const stack = await openStack(used.stack, cli, environment);
  const [review, edited] = await Promise.all([stack.drift(signal), editedIn(used, signal)]);
  if (given(invocation, "json")) print(JSON.stringify({ ...review, edited }, null, 2));
  const { failure } = review;
  if (failure !== undefined) throw new UserError(failure.reason, failure.next);
  if (isEmpty(review) && edited.length === 0) {
    note(`No drift: all ${review.unchanged} resources are as the last update left them.`);
    return 0;
  }
  if (!given(invocation, "json")) {
    print(paint("yellow", `The cluster differs from the state of ${used.stack}:`));
    [...driftLines(review), ...editedLines(edited)].forEach((line) => {
      print(`  ${line}`);
    });
  }
  if (given(invocation, "repair")) {
    const progress = await update(stack, { refresh: true, cluster: used.cluster, signal });
    print(`Stack ${used.stack}: ${progress.summary()}`);
    return 0;
  }
  if (edited.length > 0) note(`\n${editedRemedy}`);
  if (!isEmpty(review)) note(remedy);
  return DIFFERENT;
}

/** Edited files are no field of any object, so that the engine cannot see them. */
async function editedIn(
  { cluster, namespace }: TargetStack,
  signal: AbortSignal,
): Promise<EditedPod[]> {
  const args = ["-n", namespace, "get", "pods", "-l", hotLabel, "-o", "json"];
  const { code, stdout } = await kubectl(cluster, [...args, "--request-timeout=10s"], { signal });
  if (code !== 0) return []; // somebody who may not list them cannot have made them
  return editedPods((JSON.parse(stdout) as { items: LabelledPod[] }).items);
}

const remedy = `
To take it back:    npm run drift -- --repair   (an update, of everything that the program says now)
To keep it:         put it into the program or the configuration, then the same command
Who did it:         kubectl get KIND NAME -o yaml --show-managed-fields   (field managers and times)`;
