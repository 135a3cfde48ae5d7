/** `npm run pulumi -- …`: the Pulumi CLI with the backend, passphrase, cluster and daemon of `npm start`. */
import * as path from "node:path";
import type { Command, Invocation } from "../command";
import { requireWholeState, stackExists } from "../../automation/state";
import {
  LOCAL_STACK,
  nodeCache,
  searchPath,
  updateEnvironment,
  usesOwnBackend,
  type Environment,
} from "../environment";
import { UserError } from "../../tools/errors";
import { readMachine, type Machine } from "../machine";
import { root } from "../../tools/paths";
import { findProgram } from "../probes/programs";
import { runAttached } from "../../tools/process";

export const command: Command = {
  usage: "Usage: npm run pulumi -- COMMAND [flags]\n\nEverything after -- goes to Pulumi.",
  flags: {},
  passThrough: true,
  run: pulumi,
};

async function pulumi({ positionals, signal }: Invocation): Promise<number> {
  const machine = readMachine();
  if (machine === undefined) {
    throw new UserError("There is no stack in this folder yet.", ["npm start"]);
  }
  const file = findProgram("pulumi");
  if (file === undefined) throw withoutPulumi(machine);
  if (usesOwnBackend(machine.stack)) requireWholeState(machine.stack);
  const environment = await updateEnvironment(machine);
  // A first update that was interrupted early leaves a file without a stack.
  if (usesOwnBackend(machine.stack) && !stackExists(machine.stack)) {
    await makeStack(machine.stack, environment);
  }
  return runAttached(file, positionals, {
    cwd: root,
    env: {
      ...nodeCache(),
      ...environment,
      ...stackVariable(machine, positionals),
      PATH: `${path.dirname(file)}${path.delimiter}${searchPath()}`,
      PULUMI_SKIP_UPDATE_CHECK: "true",
    },
    signal,
  });
}

/** Loaded only here: the Automation API takes half a second that no other command should wait for. */
async function makeStack(stack: string, environment: Environment): Promise<void> {
  const [{ installedPulumi }, { openStack }] = await Promise.all([
    import("../../tools/pulumi"),
    import("../engine/update"),
  ]);
  const cli = await installedPulumi();
  if (cli !== undefined) await openStack(stack, cli, environment);
}

/** Names the stack for commands that do not name one themselves. */
function stackVariable(machine: Machine, args: readonly string[]): Record<string, string> {
  const named = args.some((arg) => /^(-s|--stack)(=|$)/.test(arg)) || args[0] === "stack";
  return named ? {} : { PULUMI_STACK: machine.stack };
}

function withoutPulumi(machine: Machine): UserError {
  const set =
    machine.engine === "kubectl"
      ? [
          `Plain values: edit Pulumi.${LOCAL_STACK}.yaml (todo-app:KEY: VALUE), then npm start`,
          "Secrets (databaseUrl, openaiApiKey): .stack/kubectl/secrets.json, then npm start",
        ]
      : [];
  return new UserError("There is no Pulumi on this machine.", [
    "npm start   (fetches it where it can be reached)",
    ...set,
  ]);
}
