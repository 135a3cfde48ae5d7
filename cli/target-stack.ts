/** The stack that a command is about (`--stack NAME`, else `local`), and where it runs. */
import * as fs from "node:fs";
import { UserError } from "../tools/errors";
import { updateEnvironment } from "./environment";
import { LOCAL_STACK, type Environment } from "../automation/environment";
import { namespaceOf, stackFile, stackValue } from "./stack-file";
import {
  readRecord,
  recordedStacks,
  requireStackName,
  type ChosenCluster,
  type StackRecord,
} from "./stack-record";

export interface TargetStack {
  stack: string;
  namespace: string;
  cluster: ChosenCluster;
  engine: StackRecord["engine"];
  /** What `npm start` knows of it; undefined for a stack that was not deployed from this folder. */
  record?: StackRecord;
  /** Variables for the Pulumi CLI. */
  environment: () => Promise<Environment>;
}

/** The context that a stack's file names. */
function contextInFile(stack: string): string | undefined {
  const value = fs.existsSync(stackFile(stack))
    ? stackValue(stack, "kubernetes:context")
    : undefined;
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** Commands that lead to a stack, where the one that was meant is not there. */
function ways(command: string): string[] {
  const others = recordedStacks().filter((name) => name !== LOCAL_STACK);
  return [
    "npm start",
    ...others.map((name) => `npm run ${command} -- --stack ${name}   (deployed from this folder)`),
    ...(others.length > 0 ? [] : [`npm run ${command} -- --stack NAME   (one of your team's)`]),
  ];
}

/**
 * @param named the value of --stack, if given
 * @param command its name, for the hint
 * @throws UserError naming the command that makes the stack
 */
export function targetStack(named: string | undefined, command: string): TargetStack {
  const stack = requireStackName(named ?? LOCAL_STACK);
  const record = readRecord(stack);
  const context = contextInFile(stack);
  if (record === undefined && stack === LOCAL_STACK) {
    throw new UserError("There is no stack in this folder yet.", ways(command));
  }
  // A stack's file says where it goes; what the record knows of a cluster holds for the same context only.
  const cluster: ChosenCluster | undefined =
    record !== undefined && (context === undefined || context === record.cluster.context)
      ? record.cluster
      : context === undefined
        ? undefined
        : { kind: "context", context };
  if (cluster === undefined) {
    throw new UserError(`There is no Pulumi.${stack}.yaml that names a cluster.`, [
      `npm run new-stack ${stack}`,
    ]);
  }
  return {
    stack,
    namespace: namespaceOf(stack),
    cluster,
    engine: record?.engine ?? "pulumi",
    ...(record === undefined ? {} : { record }),
    environment: () => updateEnvironment({ stack, cluster, backend: record?.backend }),
  };
}

/**
 * Before something is destroyed: the stack's file must name the cluster that `npm start` deployed to. Where
 * somebody has changed it since, the objects are in one cluster and the command would look for them in another.
 */
export function requireSameCluster({ stack, cluster, record }: TargetStack): void {
  if (record === undefined || record.cluster.context === cluster.context) return;
  throw new UserError(
    `Pulumi.${stack}.yaml names the cluster of context ${cluster.context}, but npm start deployed to ` +
      `${record.cluster.context}. Nothing was changed.`,
    [
      `Set kubernetes:context: ${record.cluster.context} in Pulumi.${stack}.yaml, and run the command again`,
      `npm start${stack === LOCAL_STACK ? "" : ` -- --stack ${stack}`}   (deploys to ${cluster.context}; what is in ${record.cluster.context} stays there)`,
    ],
  );
}
