/** Which stack a command is about, and where it runs: the one of `npm start`, or one of a team by name. */
import { updateEnvironment, type Environment } from "./environment";
import { UserError } from "../tools/errors";
import { readMachine, type Cluster, type Machine } from "./machine";
import { namespaceOf, stackFile, stackValue } from "./stack-file";
import * as fs from "node:fs";

export interface StackInUse {
  stack: string;
  namespace: string;
  cluster: Cluster;
  engine: Machine["engine"];
  /** What `npm start` knows of it; undefined for a stack that it did not deploy. */
  machine?: Machine;
  /** Variables for the Pulumi CLI. */
  environment: () => Promise<Environment>;
}

/**
 * @param named the value of --stack, if given
 * @throws UserError naming the command that makes the stack
 */
export function stackInUse(named: string | undefined): StackInUse {
  const machine = readMachine();
  if (machine !== undefined && (named === undefined || named === machine.stack)) {
    const { stack, cluster, engine } = machine;
    const environment = (): Promise<Environment> => updateEnvironment(machine);
    return { stack, cluster, engine, machine, namespace: namespaceOf(stack), environment };
  }
  if (named === undefined) {
    throw new UserError("There is no stack in this folder yet.", [
      "npm start",
      "or name one of your team's: -- --stack NAME",
    ]);
  }
  const context = stackValue(named, "kubernetes:context");
  if (!fs.existsSync(stackFile(named)) || typeof context !== "string" || context === "") {
    throw new UserError(`There is no Pulumi.${named}.yaml that names a cluster.`, [
      `npm run new-stack ${named}`,
    ]);
  }
  const cluster: Cluster = { kind: "context", context };
  const environment = (): Promise<Environment> => updateEnvironment({ stack: named, cluster });
  return { stack: named, namespace: namespaceOf(named), cluster, engine: "pulumi", environment };
}
