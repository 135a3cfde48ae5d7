/** `npm run down`: dumps the database, removes everything that the stack made, and says what is left. */
import * as path from "node:path";
import { dumpDatabase } from "../database/dump";
import { hasDatabase } from "../database/pod";
import { deleteMinikube } from "../../tools/minikube";
import { sandboxModule } from "../clusters/sandbox";
import { hurryRemoval } from "../removal";
import { given, text, type Command, type Invocation } from "../command";
import { installedPulumi } from "../../tools/pulumi";
import { destroy, openStack } from "../engine/update";
import { LOCAL_STACK, usesOwnBackend } from "../../automation/environment";
import { UserError } from "../../tools/errors";
import { aboutStack } from "../stack-option";
import { readRecord, writeRecord, recordedStacks } from "../stack-record";
import { root } from "../../tools/paths";
import { ClusterUnreachable, readCluster, type Cluster } from "../../tools/kubectl";
import { stackValue } from "../stack-file";
import { requireSameCluster, targetStack, type TargetStack } from "../target-stack";
import { confirmLoss, print } from "../terminal";
import { restoreCommand } from "./backup";

export const command: Command = {
  usage: `Usage: npm run down -- [flags]

  --stack NAME  the stack (default: local)
  --no-backup   do not dump the embedded database first
  --cluster     delete the cluster too (the Minikube profile or sandbox that npm start made)
  --yes         do not ask; needed where there is no terminal`,
  flags: {
    stack: { type: "string" },
    "no-backup": { type: "boolean" },
    cluster: { type: "boolean" },
    yes: { type: "boolean" },
  },
  run: down,
};

async function down(invocation: Invocation): Promise<number> {
  const { signal } = invocation;
  const named = text(invocation, "stack");
  if (named === undefined && readRecord(LOCAL_STACK) === undefined) {
    const others = recordedStacks();
    if (others.length > 0) targetStack(undefined, "down");
    print("There is nothing to remove: npm start has not run in this folder.");
    return 0;
  }
  const target = targetStack(named, "down");
  requireSameCluster(target);
  const { cluster, stack, namespace } = target;
  const withCluster = given(invocation, "cluster");
  if (withCluster && cluster.kind === "context") throw ownCluster(target);
  const what = `the stack ${stack} (namespace ${namespace} of ${cluster.context})${withCluster ? ", and the cluster itself" : ""}`;
  if (!(await confirmLoss(`Remove ${what}?`, given(invocation, "yes"), signal))) return 1;

  const found = await readCluster(cluster, signal).catch((error: unknown) => {
    if (!(error instanceof ClusterUnreachable)) throw error;
    return error;
  });
  if (found instanceof ClusterUnreachable) {
    if (withCluster) return deleteCluster(target, signal);
    throw new UserError(
      found.message,
      cluster.kind === "context"
        ? ["kubectl config get-contexts   (is it the one that is meant?)"]
        : [
            "npm start                     (starts it again; then npm run down)",
            "npm run down -- --cluster     (deletes the cluster with all that it holds, without a dump)",
          ],
    );
  }
  refuseAnotherCluster(target, found);
  const backup = given(invocation, "no-backup")
    ? undefined
    : await dumpDatabase(target, signal, [
        "npm run down -- --no-backup   (removes everything, the data too)",
      ]);
  if (backup !== undefined) print(`The database is dumped to ${path.relative(root, backup)}`);

  if (target.engine === "pulumi") await pulumiDown(target, signal);
  else await kubectlDown(target, signal);
  if (target.record !== undefined) writeRecord({ ...target.record, deployed: false });

  print();
  if (backup !== undefined) {
    print("To restore the data, after the next npm start:");
    print(`  ${restoreCommand(stack, path.relative(root, backup))}`);
  }
  if (withCluster) return deleteCluster(target, signal);
  leftovers(target);
  return 0;
}

/** A context's name may have come to mean another cluster, which must not lose what it holds under the same names. */
function refuseAnotherCluster({ stack, cluster, record }: TargetStack, found: Cluster): void {
  const before = record?.clusterUid;
  if (before === undefined || found.uid === undefined || before === found.uid) return;
  if (cluster.kind !== "context") return;
  throw new UserError(
    `The context ${cluster.context} leads to another cluster than the one that npm start deployed ${stack} to. ` +
      "Nothing was changed.",
    ["kubectl config get-contexts   (which one is meant?)"],
  );
}

async function pulumiDown(target: TargetStack, signal: AbortSignal): Promise<void> {
  const cli = await installedPulumi();
  if (cli === undefined) {
    throw new UserError("The stack was made with Pulumi, which is not there any more.", [
      "npm start",
    ]);
  }
  const handle = await openStack(target.stack, cli, await target.environment(), {
    // A first update that was interrupted early leaves a record without a stack.
    create: usesOwnBackend(target.stack),
  });
  const over = new AbortController();
  const hurry = hurryRemoval(target.cluster, target.namespace, over.signal);
  try {
    const progress = await destroy(handle, signal);
    print(`Stack ${target.stack}: ${progress.summary() || "nothing was there"}`);
  } finally {
    over.abort();
    await hurry;
  }
}

async function kubectlDown(
  { stack, cluster, namespace }: TargetStack,
  signal: AbortSignal,
): Promise<void> {
  // As the program has it: protected unless the stack's file says otherwise.
  const protect = stackValue(stack, "todo-app:databaseProtect");
  const isProtected = protect !== false && protect !== "false";
  if (isProtected && (await hasDatabase({ stack, cluster, namespace }))) {
    throw new UserError("The database is protected, so nothing was removed.", [
      `Set todo-app:databaseProtect: false in Pulumi.${stack}.yaml, then: npm run down`,
    ]);
  }
  const { kubectlDestroy } = await import("../kubectl-engine/update");
  await kubectlDestroy(cluster, namespace, signal);
  print(`Removed the namespace ${namespace} with everything in it.`);
}

function ownCluster({ cluster }: TargetStack): UserError {
  return new UserError(`The cluster of context ${cluster.context} is your own; it stays.`, [
    "npm run down   (without --cluster)",
  ]);
}

async function deleteCluster(target: TargetStack, signal: AbortSignal): Promise<number> {
  const { cluster } = target;
  if (cluster.kind === "context") throw ownCluster(target);
  if (cluster.kind === "sandbox") await (await sandboxModule()).deleteSandbox(cluster.context);
  else if (cluster.profile !== undefined) await deleteMinikube(cluster.profile, signal);
  print(`The cluster ${cluster.context} is deleted.`);
  return 0;
}

function leftovers({ cluster, stack }: TargetStack): void {
  print("What is left:");
  if (cluster.kind === "context")
    print(`  the cluster of context ${cluster.context}, which is your own`);
  else
    print(
      `  the cluster ${cluster.context}, still running (${aboutStack("npm run down -- --cluster", stack)} deletes it)`,
    );
  print("  the images and build cache in Docker (docker system prune removes what nobody uses)");
  if (stack === LOCAL_STACK) {
    print("  .stack and Pulumi.local.yaml: the stack's configuration, passphrase and dumps");
  }
}
