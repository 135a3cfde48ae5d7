/** `npm run new-stack NAME`: a stack's file, the stack in the backend, and its secrets. */
import * as fs from "node:fs";
import { openStack, OperationFailed, type TodoStack } from "../../automation";
import { secretKeys, type SecretKey } from "../../config/stack";
import { failureOf } from "../../review/failure";
import { readStackFile } from "../../config/stack-file";
import { text, type Command, type Invocation } from "../command";
import { installedPulumi } from "../../tools/pulumi";
import { updateEnvironment } from "../environment";
import { messageOf, UsageError, UserError } from "../../tools/errors";
import { ask, askSecret, canAsk, readInput } from "../new-stack/ask";
import {
  assignment,
  checkStackFile,
  newStackFile,
  secretLines,
  type Assignment,
} from "../new-stack/file";
import { freeNodePort, takenNodePorts } from "../new-stack/ports";
import { root } from "../../tools/paths";
import { stackFile } from "../stack-file";
import { note, print } from "../terminal";

const usage = `Usage: npm run new-stack -- NAME [KEY=VALUE …] [flags]

  --from NAME              the stack to start from (default: staging)
  --context NAME           the cluster, by its context in the kubeconfig
  --secrets ask|stdin|none how secrets come (default: ask on a terminal, else none)
  --secrets-provider URL   what encrypts them (default: the backend's own, or a passphrase)

Makes Pulumi.NAME.yaml, the stack in the backend that Pulumi is logged in to, and sets its secrets. KEY=VALUE
are plain values, as in Pulumi.yaml. A secret is never an argument: it is asked for without echo, or read from
standard input as lines of KEY=VALUE, and reaches Pulumi through a pipe.`;

export const command: Command = {
  usage,
  flags: {
    from: { type: "string" },
    context: { type: "string" },
    secrets: { type: "string" },
    "secrets-provider": { type: "string" },
  },
  positional: true,
  run: newStack,
};

/** Long enough for every backend, and fit for a namespace's name. */
const NAME = /^[a-z][a-z0-9-]{0,39}$/;

function nameOf({ positionals }: Invocation): string {
  const [name] = positionals;
  if (name === undefined) throw new UsageError("The new stack's name is missing.", usage);
  if (!NAME.test(name) || name === "local") {
    throw new UserError(
      `${name} cannot be the name: lower case letters, digits and -, 40 at most, and not local.`,
      ["npm run new-stack NAME"],
      2,
    );
  }
  if (fs.existsSync(stackFile(name))) {
    throw new UserError(`Pulumi.${name}.yaml is there already.`, [
      `npm start -- --stack ${name}                              (deploys it)`,
      `pulumi config set --stack ${name} KEY VALUE               (changes it)`,
    ]);
  }
  return name;
}

function templateOf(invocation: Invocation): string {
  const from = text(invocation, "from") ?? "staging";
  if (!fs.existsSync(stackFile(from))) {
    throw new UserError(`There is no Pulumi.${from}.yaml to start from.`, [
      "npm run new-stack -- NAME --from dev",
    ]);
  }
  return fs.readFileSync(stackFile(from), "utf8");
}

async function contextOf(invocation: Invocation): Promise<string> {
  const given = text(invocation, "context");
  if (given !== undefined) return given;
  if (canAsk())
    return ask(
      "Cluster, by its context (kubectl config get-contexts):",
      "minikube",
      invocation.signal,
    );
  throw new UserError(
    "The cluster is missing.",
    ["npm run new-stack -- NAME --context CONTEXT"],
    2,
  );
}

/** The values as given, and for a namespace and a node port those that no other stack of the cluster has. */
async function valuesOf(
  given: ReadonlyMap<string, string>,
  name: string,
  context: string,
  template: string,
): Promise<Assignment[]> {
  const values = new Map(given);
  if (!values.has("namespace")) values.set("namespace", `todo-app-${name}`);
  const usesNodePort = !/todo-app:frontendServiceType:/.test(template);
  const kind = values.get("frontendServiceType") ?? (usesNodePort ? "NodePort" : "");
  if (kind === "NodePort") {
    const taken = await takenNodePorts({ context });
    const wanted = values.get("nodePort");
    const owner = taken.get(Number(wanted ?? 30_300));
    const free = String(freeNodePort(30_300, taken));
    if (wanted !== undefined && owner !== undefined) {
      throw new UserError(`Node port ${wanted} belongs to a Service in namespace ${owner}.`, [
        `npm run new-stack -- ${name} nodePort=${free}   (the next free one)`,
      ]);
    }
    if (wanted === undefined && owner !== undefined) {
      note(`Node port 30300 belongs to a Service in namespace ${owner}; this stack gets ${free}.`);
    }
    values.set("nodePort", wanted ?? free);
  }
  return [...values];
}

async function secretsOf(invocation: Invocation): Promise<Map<SecretKey, string>> {
  const way = text(invocation, "secrets") ?? (canAsk() ? "ask" : "none");
  if (way === "none") return new Map();
  if (way === "stdin") return secretLines(await readInput());
  if (way !== "ask" || !canAsk()) {
    throw new UserError(
      way === "ask" ? "There is no terminal to ask on." : `--secrets is ${way}.`,
      [
        "npm run new-stack -- NAME --secrets stdin < FILE",
        "npm run new-stack -- NAME --secrets none",
      ],
      2,
    );
  }
  note("Secrets; what you type is not shown, and Enter leaves one out:");
  const secrets = new Map<SecretKey, string>();
  for (const key of secretKeys) {
    const value = await askSecret(`  ${key}: `);
    if (value !== "") secrets.set(key, value);
  }
  return secrets;
}

/** Makes the stack in the backend; a refusal leaves no file behind, so that the command can be given again. */
async function make(invocation: Invocation, name: string, context: string): Promise<TodoStack> {
  const cli = await installedPulumi();
  if (cli === undefined) throw new UserError("There is no Pulumi on this machine.", ["npm start"]);
  const provider = text(invocation, "secrets-provider");
  const environment = await updateEnvironment({
    stack: name,
    cluster: { kind: "context", context },
  });
  try {
    return await openStack({
      stack: name,
      pulumi: cli,
      environment,
      create: true,
      ...(provider === undefined ? {} : { secretsProvider: provider }),
    });
  } catch (error) {
    fs.rmSync(stackFile(name), { force: true });
    const output = error instanceof OperationFailed ? error.output : messageOf(error);
    const { reason, next } = failureOf(undefined, output);
    const logIn = [
      "pulumi login                                       (a team's backend), or",
      "export PULUMI_BACKEND_URL=file://$HOME/pulumi PULUMI_CONFIG_PASSPHRASE_FILE=$HOME/.pulumi-passphrase",
      `npm run new-stack -- ${name} …`,
    ];
    const unknown = /PULUMI_ACCESS_TOKEN|passphrase must be set|log ?in/i.test(output);
    throw new UserError(`The stack could not be made:\n${reason}`, unknown ? logIn : next);
  }
}

async function newStack(invocation: Invocation): Promise<number> {
  const name = nameOf(invocation);
  const template = templateOf(invocation);
  const given = new Map(invocation.positionals.slice(1).map(assignment));
  const context = await contextOf(invocation);
  const values = await valuesOf(given, name, context, template);
  fs.writeFileSync(stackFile(name), newStackFile(template, name, context, values), { flag: "wx" });
  let config: ReturnType<typeof checkStackFile>;
  let secrets: Map<SecretKey, string>;
  try {
    config = checkStackFile(readStackFile(name, root));
    secrets = await secretsOf(invocation);
  } catch (error) {
    fs.rmSync(stackFile(name), { force: true });
    throw error;
  }
  const stack = await make(invocation, name, context);
  for (const [key, value] of secrets) await stack.setSecret(key, value);

  print(`Stack ${name}: namespace ${config.namespace} of ${context}, in Pulumi.${name}.yaml`);
  const missing = config.database.external && !secrets.has("databaseUrl") ? ["databaseUrl"] : [];
  for (const key of missing)
    print(`  still needed: pulumi config set --stack ${name} --secret ${key}`);
  print(`  pulumi preview --stack ${name}                    what it would make`);
  print(`  npm start -- --stack ${name}                      makes it`);
  print(`  git add Pulumi.${name}.yaml                       secrets stand in it encrypted`);
  return 0;
}
