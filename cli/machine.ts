/**
 * What `npm start` decided on this machine, so that `down`, `env`, `pulumi` and the next `start` mean the
 * same engine, cluster and stack. Kept in `.stack/machine.json`; facts only, no secret.
 */
import * as fs from "node:fs";
import { UserError } from "../tools/errors";
import { state, stateFolder } from "../tools/paths";
import type { ClusterAddress } from "./probes/cluster";

export interface Cluster extends ClusterAddress {
  /** A Minikube profile of ours, the sandbox of dev/sandbox, or a context that the user named. */
  kind: "minikube" | "sandbox" | "context";
  profile?: string;
  /** Whether images are built in the node's own daemon (Minikube on the docker runtime). */
  nodeDaemon?: boolean;
}

export interface Machine {
  stack: string;
  engine: "pulumi" | "kubectl";
  cluster: Cluster;
  /** Whether the engine may have made objects that are still there: from the first update to `down`. */
  deployed?: boolean;
  /** Values that `npm start` wrote into the stack's file; anything else there is the user's. */
  facts: Record<string, string | number>;
  /** UID of the cluster at the last update that succeeded; undefined before it. */
  clusterUid?: string;
  url?: string;
}

const file = (): string => state("machine.json");

/** The last decision, or undefined before the first `npm start`. */
export function readMachine(): Machine | undefined {
  try {
    return JSON.parse(fs.readFileSync(file(), "utf8")) as Machine;
  } catch {
    return undefined;
  }
}

/** The last decision. @throws UserError before the first `npm start` */
export function requireMachine(): Machine {
  const machine = readMachine();
  if (machine === undefined) throw new UserError("There is no stack yet.", ["npm start"]);
  return machine;
}

export function writeMachine(machine: Machine): void {
  writePrivately(file(), `${JSON.stringify(machine, null, 2)}\n`);
}

/** Writes a file that only its owner may read, whole or not at all. */
export function writePrivately(target: string, content: string): void {
  fs.mkdirSync(stateFolder, { recursive: true, mode: 0o700 });
  const temporary = `${target}.${process.pid}`;
  fs.writeFileSync(temporary, content, { mode: 0o600 });
  fs.renameSync(temporary, target);
}
