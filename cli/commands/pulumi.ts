/** `npm run pulumi -- …`: the Pulumi CLI with the backend, passphrase, cluster and daemon of the stack that it is about. */
import * as fs from "node:fs";
import type { Command, Invocation } from "../command";
import { requireWholeState, stackExists } from "../../automation/state";
import {
  backendEnvironment,
  cliEnvironment,
  LOCAL_STACK,
  prepareBackend,
  usesOwnBackend,
  type Environment,
} from "../../automation/environment";
import { UserError } from "../../tools/errors";
import { readRecord, requireStackName } from "../stack-record";
import { root } from "../../tools/paths";
import { installedPulumi, leastPulumi, unusablePulumi, type PulumiCli } from "../../tools/pulumi";
import { runAttached } from "../../tools/process";
import { stackFile, stackValue } from "../stack-file";
import { targetStack } from "../target-stack";

export const command: Command = {
  usage: `Usage: npm run pulumi -- COMMAND [flags]

Everything after -- goes to Pulumi. Without --stack it is about the stack local.`,
  flags: {},
  passThrough: true,
  run: pulumi,
};

/**
 * The stack that Pulumi's arguments name (--stack NAME, -s NAME, stack select NAME), without an organization in front; undefined when they
 * name none. Behind `--` everything is a value.
 */
export function stackInArguments(args: readonly string[]): string | undefined {
  const flags = args.includes("--") ? args.slice(0, args.indexOf("--")) : args;
  for (const [index, flag] of flags.entries()) {
    const [, inline] = /^(?:--stack|-s)=(.*)$/.exec(flag) ?? [];
    const value = flag === "--stack" || flag === "-s" ? flags[index + 1] : inline;
    if (value !== undefined) return value.split("/").at(-1);
  }
  const [command, verb, name] = flags;
  const names = command === "stack" && ["init", "select", "rm"].includes(verb ?? "");
  return names && name !== undefined && !name.startsWith("-") ? name.split("/").at(-1) : undefined;
}

async function pulumi({ positionals, signal }: Invocation): Promise<number> {
  const named = stackInArguments(positionals);
  const stack = requireStackName(named ?? LOCAL_STACK);
  const record = readRecord(stack);
  // Its file may be there before anything was deployed: secrets can be set before the first start.
  const isUnstarted = stack === LOCAL_STACK && record === undefined;
  if (isUnstarted && !fs.existsSync(stackFile(stack))) {
    throw new UserError("There is no stack in this folder yet.", [
      "npm start",
      "npm run pulumi -- COMMAND --stack NAME   (one of your team's)",
    ]);
  }
  const cli = await installedPulumi();
  if (cli === undefined) throw await withoutPulumi(record?.engine);
  const environment = isUnstarted ? backendEnvironment(stack) : await environmentOf(stack);
  if (usesOwnBackend(stack)) {
    if (isUnstarted) prepareBackend();
    requireWholeState(stack);
    // A first update that was interrupted early leaves a file without a stack.
    if (!stackExists(stack)) await makeStack(stack, cli, environment);
  }
  return runAttached(cli.file, positionals, {
    cwd: root,
    env: {
      ...environment,
      ...cliEnvironment(cli),
      ...(named === undefined && positionals[0] !== "stack" ? { PULUMI_STACK: stack } : {}),
    },
    signal,
  });
}

/** A stack that is not known here, or names no cluster yet, has at least a backend (`stack init`, `config set`). */
async function environmentOf(stack: string): Promise<Environment> {
  const hasCluster =
    readRecord(stack) !== undefined ||
    (fs.existsSync(stackFile(stack)) && stackValue(stack, "kubernetes:context") !== undefined);
  return hasCluster ? targetStack(stack, "pulumi").environment() : backendEnvironment(stack);
}

/** Loaded only here: the Automation API takes half a second that no other command should wait for. */
async function makeStack(stack: string, cli: PulumiCli, environment: Environment): Promise<void> {
  const { openStack } = await import("../engine/update");
  await openStack(stack, cli, environment, { create: true });
}

async function withoutPulumi(engine: string | undefined): Promise<UserError> {
  const set =
    engine === "kubectl"
      ? [
          `Plain values: edit Pulumi.${LOCAL_STACK}.yaml (todo-app:KEY: VALUE), then npm start`,
          "Secrets (databaseUrl, openaiApiKey): .stack/kubectl/secrets.json, then npm start",
        ]
      : [];
  const old = await unusablePulumi();
  const what =
    old === undefined
      ? "There is no Pulumi on this machine."
      : `${old.file} is ${old.version}; this project needs ${leastPulumi} or newer.`;
  return new UserError(what, ["npm start   (fetches it where it can be reached)", ...set]);
}
