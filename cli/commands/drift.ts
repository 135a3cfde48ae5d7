/** `npm run drift`: what was changed in the cluster behind the engine's back. */
import { NoPulumiError, openStack } from "../../automation";
import { driftLines, withoutAutoscaling } from "../../review/drift";
import { isEmpty } from "../../review/model";
import { given, text, type Command, type Invocation } from "../command";
import { inUsersForm } from "../engine/explain";
import { bareWorks } from "../environment";
import { UserError } from "../errors";
import { clusterFacts } from "../probes/cluster";
import { stackInUse } from "../stack-in-use";
import { note, paint, print } from "../terminal";

export const command: Command = {
  usage: `Usage: npm run drift -- [flags]

  --stack NAME   a stack of your team (default: the one of npm start)
  --json         print the differences as data

Compares the state with the cluster and changes neither. Exit code 0: no difference, 2: there are some,
1: it could not be found out. The autoscaler's number of pods is no difference.`,
  flags: { stack: { type: "string" }, json: { type: "boolean" } },
  run: drift,
};

/** Differences found, for scripts; `terraform plan -detailed-exitcode` uses the same numbers. */
const DIFFERENT = 2;

async function drift(invocation: Invocation): Promise<number> {
  const used = stackInUse(text(invocation, "stack"));
  if (used.engine === "kubectl") {
    throw new UserError("The stack was deployed without Pulumi, so there is no state to compare.", [
      "npm start   (applies the program's objects again, which takes back what was changed by hand)",
    ]);
  }
  const answer = await clusterFacts(used.cluster);
  if ("error" in answer) {
    throw new UserError(
      `The cluster of context ${used.cluster.context} does not answer: ${answer.error}`,
      ["npm start   (starts a local one again)"],
    );
  }
  note(`Comparing the state of ${used.stack} with the cluster ${used.cluster.context} …`);
  const review = withoutAutoscaling(await compared(used, invocation.signal));
  if (given(invocation, "json")) print(JSON.stringify(review, null, 2));
  const { failure } = review;
  if (failure !== undefined) throw new UserError(failure.reason, failure.next);
  if (isEmpty(review)) {
    note(`No drift: all ${review.unchanged} resources are as the last update left them.`);
    return 0;
  }
  if (!given(invocation, "json")) {
    print(paint("yellow", `The cluster differs from the state of ${used.stack}:`));
    driftLines(review).forEach((line) => {
      print(`  ${line}`);
    });
  }
  note(inUsersForm(remedy, bareWorks()));
  return DIFFERENT;
}

/** An update without --refresh does not see the change, and one that touches the same field is refused in preview. */
const remedy = `
To take it back:    npm run pulumi -- up --refresh
To keep it:         put it into the program or the configuration, then the same command
Who did it:         kubectl get KIND NAME -o yaml --show-managed-fields   (field managers and times)`;

async function compared(used: ReturnType<typeof stackInUse>, signal: AbortSignal) {
  try {
    const stack = await openStack({ stack: used.stack, environment: await used.environment() });
    return await stack.drift(signal);
  } catch (error) {
    if (error instanceof NoPulumiError) throw new UserError(error.message, ["npm start"]);
    throw error;
  }
}
