/** `npm run down`: dumps the database, removes everything that the stack made, and says what is left. */
import * as path from "node:path";
import { dumpDatabase } from "../database/dump";
import { deleteMinikube } from "../clusters/minikube";
import { sandboxModule } from "../clusters/sandbox";
import { given, type Command, type Invocation } from "../command";
import { installedPulumi } from "../../tools/pulumi";
import { destroy, openStack } from "../engine/update";
import { LOCAL_STACK, updateEnvironment } from "../environment";
import { UserError } from "../../tools/errors";
import { readMachine, writeMachine, type Machine } from "../machine";
import { root } from "../../tools/paths";
import { clusterFacts } from "../probes/cluster";
import { namespaceOf, stackValue } from "../stack-file";
import { confirm, print } from "../terminal";

export const command: Command = {
  usage: `Usage: npm run down -- [flags]

  --no-backup   do not dump the embedded database first
  --cluster     delete the cluster too (the Minikube profile or sandbox that npm start made)
  --yes         do not ask`,
  flags: {
    "no-backup": { type: "boolean" },
    cluster: { type: "boolean" },
    yes: { type: "boolean" },
  },
  run: down,
};

async function down(invocation: Invocation): Promise<number> {
  const { signal } = invocation;
  const machine = readMachine();
  if (machine === undefined) {
    print("There is nothing to remove: npm start has not run in this folder.");
    return 0;
  }
  const { cluster, stack } = machine;
  const namespace = namespaceOf(stack);
  const withCluster = given(invocation, "cluster");
  const what = `namespace ${namespace} of ${cluster.context}${withCluster ? ", and the cluster itself" : ""}`;
  const ask = !given(invocation, "yes");
  if (ask && !(await confirm(`Remove ${what}?`, signal))) return 1;

  const answer = await clusterFacts(cluster);
  if ("error" in answer) {
    if (withCluster && cluster.kind !== "context") return deleteCluster(machine, signal);
    throw new UserError(
      `The cluster of context ${cluster.context} does not answer: ${answer.error}`,
      [
        "npm start                     (starts it again; then npm run down)",
        "npm run down -- --cluster     (deletes the cluster with all that it holds, without a dump)",
      ],
    );
  }
  const backup = given(invocation, "no-backup")
    ? undefined
    : await dumpDatabase(cluster, namespace, signal, [
        "npm run down -- --no-backup   (removes everything, the data too)",
      ]);
  if (backup !== undefined) print(`The database is dumped to ${path.relative(root, backup)}`);

  if (machine.engine === "pulumi") await pulumiDown(machine, signal);
  else await kubectlDown(machine, namespace, signal);
  writeMachine({ ...machine, deployed: false });

  print();
  if (backup !== undefined) {
    print("To restore the data, after the next npm start:");
    print(`  npm run restore -- --file ${path.relative(root, backup)}`);
  }
  if (withCluster) return deleteCluster(machine, signal);
  leftovers(machine);
  return 0;
}

async function pulumiDown(machine: Machine, signal: AbortSignal): Promise<void> {
  const cli = await installedPulumi();
  if (cli === undefined) {
    throw new UserError("The stack was made with Pulumi, which is not there any more.", [
      "npm start",
    ]);
  }
  const handle = await openStack(machine.stack, cli, await updateEnvironment(machine));
  const progress = await destroy(handle, machine.cluster, signal);
  print(`Stack ${machine.stack}: ${progress.summary() || "nothing was there"}`);
}

async function kubectlDown(
  machine: Machine,
  namespace: string,
  signal: AbortSignal,
): Promise<void> {
  if (String(stackValue(machine.stack, "todo-app:databaseProtect")) === "true") {
    throw new UserError("The database is protected, so nothing was removed.", [
      `Set todo-app:databaseProtect: false in Pulumi.${machine.stack}.yaml, then: npm run down`,
    ]);
  }
  const { kubectlDestroy } = await import("../kubectl-engine/update");
  await kubectlDestroy(machine.cluster, namespace, signal);
  print(`Removed the namespace ${namespace} with everything in it.`);
}

async function deleteCluster(machine: Machine, signal: AbortSignal): Promise<number> {
  const { cluster } = machine;
  if (cluster.kind === "context") {
    throw new UserError(`The cluster of context ${cluster.context} is your own; it stays.`);
  }
  if (cluster.kind === "sandbox") await (await sandboxModule()).deleteSandbox();
  else if (cluster.profile !== undefined) await deleteMinikube(cluster.profile, signal);
  print(`The cluster ${cluster.context} is deleted.`);
  return 0;
}

function leftovers(machine: Machine): void {
  const { cluster, stack } = machine;
  print("What is left:");
  if (cluster.kind === "context")
    print(`  the cluster of context ${cluster.context}, which is your own`);
  else
    print(`  the cluster ${cluster.context}, still running (npm run down -- --cluster deletes it)`);
  print("  the images and build cache in Docker (docker system prune removes what nobody uses)");
  if (stack === LOCAL_STACK) {
    print("  .stack and Pulumi.local.yaml: the stack's configuration, passphrase and dumps");
  }
}
