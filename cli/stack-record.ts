/**
 * What `npm start` decided about a stack, so that `down`, `env`, `pulumi` and the next `start` of that stack mean the
 * same engine, cluster and backend. One file a stack, `.stack/stacks/<stack>.json`: what is done with one stack says
 * nothing about another. Facts only, no secret.
 */
import * as fs from "node:fs";
import * as path from "node:path";
import { UserError } from "../tools/errors";
import { root, state } from "../tools/paths";
import { writePrivately } from "../tools/private-file";
import type { ClusterAddress } from "../tools/kubectl";

export interface ChosenCluster extends ClusterAddress {
  /** A Minikube profile of ours, the sandbox of dev/sandbox, or a context that the user named. */
  kind: "minikube" | "sandbox" | "context";
  profile?: string;
  /** Whether images are built in the node's own daemon (Minikube on the docker runtime). */
  nodeDaemon?: boolean;
}

export interface StackRecord {
  stack: string;
  engine: "pulumi" | "kubectl";
  cluster: ChosenCluster;
  /** PULUMI_BACKEND_URL of the update; undefined means that of `pulumi login`, or the clone's own for `local`. */
  backend?: string;
  /** Whether the engine may have made objects that are still there: from the first update to `down`. */
  deployed?: boolean;
  /** Values that `npm start` wrote into the stack's file; anything else there is the user's. */
  facts: Record<string, string | number>;
  /** UID of the cluster at the last update that succeeded; undefined before it. */
  clusterUid?: string;
  url?: string;
}

/** What Pulumi allows in a stack's name; also what keeps a name from leading out of a folder. */
const NAME = /^[A-Za-z0-9_.-]{1,100}$/;

/** @throws UserError for what cannot be the name of a stack */
export function requireStackName(name: string): string {
  if (NAME.test(name) && !/^\.+$/.test(name)) return name;
  throw new UserError(
    `${JSON.stringify(name)} cannot be the name of a stack: letters, digits, - _ and . only.`,
    [],
    2,
  );
}

function folder(): string {
  return state("stacks");
}

function fileOf(stack: string): string {
  return path.join(folder(), `${requireStackName(stack)}.json`);
}

/** The one record that earlier versions kept for all stacks becomes that of the stack that it names. */
function migrate(): void {
  const single = state("machine.json");
  if (!fs.existsSync(single)) return;
  let record: Partial<StackRecord>;
  try {
    record = JSON.parse(fs.readFileSync(single, "utf8")) as Partial<StackRecord>;
  } catch {
    throw damaged(single);
  }
  if (record.stack !== undefined && !fs.existsSync(fileOf(record.stack))) {
    writeRecord({ facts: {}, ...record } as StackRecord);
  }
  fs.rmSync(single);
}

function damaged(file: string): UserError {
  const name = path.relative(root, file);
  return new UserError(
    `${name}, which says where a stack was deployed, cannot be read: it is not whole.`,
    [`rm ${name}   (npm start then chooses the cluster anew; --context NAME names it)`],
  );
}

/** The last decision about a stack, or undefined before its first `npm start`. */
export function readRecord(stack: string): StackRecord | undefined {
  migrate();
  const file = fileOf(stack);
  if (!fs.existsSync(file)) return undefined;
  try {
    return JSON.parse(fs.readFileSync(file, "utf8")) as StackRecord;
  } catch {
    throw damaged(file);
  }
}

/** Names of the stacks that were deployed from this folder. */
export function recordedStacks(): string[] {
  migrate();
  if (!fs.existsSync(folder())) return [];
  return fs
    .readdirSync(folder())
    .filter((name) => name.endsWith(".json"))
    .map((name) => path.basename(name, ".json"))
    .sort();
}

export function writeRecord(record: StackRecord): void {
  const file = fileOf(record.stack);
  writePrivately(file, `${JSON.stringify(record, null, 2)}\n`);
}
