/** `npm start`: from a clean clone, or from wherever the last one stopped, to a URL that answers. */
import { apiAddressHint } from "../api-address";
import { bringUpCluster } from "../clusters";
import { chooseCluster, type ClusterChoice } from "../clusters/choice";
import { sandboxNeeds } from "../clusters/sandbox";
import { given, text, type Command, type Invocation } from "../command";
import { installedPulumi, obtainPulumi, type PulumiCli } from "../../tools/pulumi";
import { openStack } from "../engine/update";
import { bareWorks, updateEnvironment } from "../environment";
import {
  LOCAL_STACK,
  namedBackend,
  prepareBackend,
  usesOwnBackend,
} from "../../automation/environment";
import { UserError } from "../../tools/errors";
import { aboutStack } from "../stack-option";
import { readRecord, requireStackName, writeRecord, type StackRecord } from "../stack-record";
import { root } from "../../tools/paths";
import { preflight, refuseOldKubernetes } from "../preflight";
import { survey } from "../probes";
import { findingsTable, type Finding } from "../probes/finding";
import {
  dropOrphanedSalt,
  stackFile,
  stackValue,
  writeLocalStack,
  type Facts,
} from "../stack-file";
import type { StackConfig } from "../../config/stack";
import { parseStackFile, readStackFile } from "../../config/stack-file";
import { takeOverWithPulumi } from "../take-over/to-pulumi";
import { confirm, confirmLoss, paint, print } from "../terminal";
import { updateAgain } from "../update-again";
import { addressesOf, unreachableHint, waitForUrl } from "../url";
import * as fs from "node:fs";

const usage = `Usage: npm start -- [flags]

  --engine pulumi|kubectl     how objects are applied (default: pulumi where it can be had)
  --cluster minikube|sandbox  where they go (default: minikube where it can be had)
  --profile NAME              Minikube profile (default: todo-app)
  --context NAME              a cluster of your own, by its context in the kubeconfig
  --stack NAME                a stack of your team, from Pulumi.NAME.yaml (default: local)
  --take-over                 go on with what kubectl, Helm or another stack has deployed into the namespace
  --yes                       answer every question with yes

What was chosen for a stack is kept for the next npm start of that stack, and for npm run down, env and pulumi. Without
--stack each of them is about the stack local.`;

export const command: Command = {
  usage,
  flags: {
    engine: { type: "string" },
    cluster: { type: "string" },
    profile: { type: "string" },
    context: { type: "string" },
    stack: { type: "string" },
    "take-over": { type: "boolean" },
    yes: { type: "boolean" },
  },
  run: start,
};

/** What stops everything; Docker is not asked for where the sandbox starts its own daemon. */
function refuseWhatIsMissing(findings: Finding[], choice: ClusterChoice): void {
  const missing = findings.filter(
    ({ level, tool }) => level === "missing" && !(tool === "Docker" && choice.kind === "sandbox"),
  );
  if (missing.length === 0) return;
  const what = missing.map(({ tool, problem = "" }) => `${tool}: ${problem}`).join("\n");
  throw new UserError(`Something that is needed is not right:\n${what}`, [
    ...missing.map(({ remedy = "" }) => remedy),
    "npm start",
  ]);
}

type Engine = { cli: PulumiCli } | { because: string };

/**
 * What is deployed stays with the engine that made it: the other one knows neither its state nor its
 * generated passwords.
 */
async function chooseEngine(
  stack: string,
  flag: string | undefined,
  before: StackRecord | undefined,
  takesOver: boolean,
): Promise<Engine> {
  if (flag !== undefined && flag !== "pulumi" && flag !== "kubectl") {
    throw new UserError(`--engine is ${flag}; it must be pulumi or kubectl.`, [], 2);
  }
  if (takesOver && flag === "kubectl") {
    throw new UserError(
      "--take-over brings the application into a Pulumi stack; --engine kubectl has none.",
      [],
      2,
    );
  }
  if (takesOver) flag = "pulumi";
  const deployed = before?.deployed === true && !takesOver ? before.engine : undefined;
  if (deployed !== undefined && flag !== undefined && flag !== deployed) {
    throw new UserError(
      `The stack was deployed with ${deployed}, which alone knows what it made.`,
      [`npm run down && npm start -- --engine ${flag}`, "npm start   (stays with it)"],
    );
  }
  const wish = flag ?? deployed;
  if (wish === "kubectl") return { because: "asked for" };
  const obtained = await obtainPulumi(print);
  if ("file" in obtained) return { cli: obtained };
  // What a team's stack consists of is in its state: applied without it, passwords would be made anew.
  if (wish === "pulumi" || stack !== LOCAL_STACK) {
    throw new UserError(`${obtained.because}.`, [
      "Install it (https://www.pulumi.com/docs/install/), then: npm start",
      deployed === undefined
        ? "npm start -- --engine kubectl   (without Pulumi, its state and its secrets)"
        : "The stack was deployed with it, and it alone knows what it made.",
    ]);
  }
  return obtained;
}

/** Says in one line what cannot be had and what happens instead, and asks on a terminal. */
async function announce(
  choice: ClusterChoice,
  engine: Engine,
  invocation: Invocation,
): Promise<void> {
  const parts: string[] = [];
  if ("because" in engine && engine.because !== "asked for") {
    parts.push(`${engine.because}; kubectl applies the program's objects instead`);
  }
  if (choice.kind === "sandbox") {
    const needs = await sandboxNeeds(choice.name);
    const what = `the sandbox cluster is used${choice.because === undefined ? "" : " instead"}`;
    const cost = needs === "" ? "everything for it is there" : `it installs ${needs}`;
    const sentence = `${choice.because === undefined ? "" : `${choice.because}; `}${what}, ${cost}`;
    const isNews = needs !== "" || choice.because !== undefined;
    if (isNews) parts.push(sentence.charAt(0).toUpperCase() + sentence.slice(1));
  }
  if (parts.length === 0) return;
  print(`${parts.join(". ")}.`);
  if (given(invocation, "yes")) return;
  if (!(await confirm("Go on?", invocation.signal)))
    throw new UserError("Stopped; nothing was changed.");
}

/** Where a stack of a team says it goes; nothing is made or chosen for it. */
function teamCluster(stack: string): ClusterChoice {
  if (!fs.existsSync(stackFile(stack))) {
    throw new UserError(`There is no Pulumi.${stack}.yaml.`, [
      `cp Pulumi.dev.yaml Pulumi.${stack}.yaml`,
    ]);
  }
  const context = stackValue(stack, "kubernetes:context");
  if (typeof context === "string" && context !== "") return { kind: "context", context };
  throw new UserError(`Pulumi.${stack}.yaml does not name its cluster.`, [
    `pulumi config set kubernetes:context NAME --stack ${stack}   (kubectl config get-contexts)`,
  ]);
}

/** A team's stack goes where its file says: a flag must not send it elsewhere, nor be passed over in silence. */
function refuseClusterFlags(stack: string, invocation: Invocation): void {
  if (stack === LOCAL_STACK) return;
  const flag = ["context", "cluster", "profile"].find(
    (name) => text(invocation, name) !== undefined,
  );
  if (flag === undefined) return;
  throw new UserError(
    `--${flag} is for the stack local; where ${stack} goes is in Pulumi.${stack}.yaml.`,
    [`pulumi config set kubernetes:context NAME --stack ${stack}`],
    2,
  );
}

/**
 * The context's name leads to another cluster than at the last update. Where npm start makes the clusters itself that is a
 * cluster made again; a team's is asked about.
 */
async function acceptAnotherCluster(
  { stack, cluster }: StackRecord,
  invocation: Invocation,
): Promise<boolean> {
  const what = "It is another cluster than at the last update: everything is made again in it.";
  if (cluster.kind !== "context") {
    print(what);
    return true;
  }
  const question = `The context ${cluster.context} leads to another cluster than at the last update of ${stack}. Make everything again in it?`;
  return confirmLoss(question, given(invocation, "yes"), invocation.signal);
}

/** The ports of the nodes, before the configuration can be read: without a cluster it has no context. */
function portsOf(stack: string): { nodePort: number; backendNodePort: number } {
  const port = (key: string, standard: number): number => {
    const value = Number(stackValue(stack, `todo-app:${key}`) ?? standard);
    return Number.isInteger(value) ? value : standard;
  };
  return { nodePort: port("nodePort", 30300), backendNodePort: port("backendNodePort", 30800) };
}

async function start(invocation: Invocation): Promise<number> {
  const { signal } = invocation;
  const stack = requireStackName(text(invocation, "stack") ?? LOCAL_STACK);
  const before = readRecord(stack);
  refuseClusterFlags(stack, invocation);
  const { findings, docker } = await survey(before);
  findingsTable(findings).forEach(print);
  print();

  const wishes = {
    context: text(invocation, "context"),
    cluster: text(invocation, "cluster"),
    profile: text(invocation, "profile"),
  };
  const [choice, engine] = await Promise.all([
    stack === LOCAL_STACK ? chooseCluster(wishes, before) : teamCluster(stack),
    chooseEngine(stack, text(invocation, "engine"), before, given(invocation, "take-over")),
  ]);
  refuseWhatIsMissing(findings, choice);
  await announce(choice, engine, invocation);

  const ready = await bringUpCluster(choice, { ports: portsOf(stack), docker, signal });
  const { cluster, asked } = ready;
  print(`${paint("bold", "Cluster")}  ${cluster.context}, Kubernetes ${asked.version}`);

  const backend = usesOwnBackend(stack) ? undefined : (namedBackend() ?? before?.backend);
  const record: StackRecord = {
    stack,
    engine: "cli" in engine ? "pulumi" : "kubectl",
    cluster,
    ...(backend === undefined ? {} : { backend }),
    facts: stack === LOCAL_STACK ? ready.stackFacts : {},
    ...(before?.clusterUid === undefined ? {} : { clusterUid: before.clusterUid }),
    ...(before?.url === undefined ? {} : { url: before.url }),
    ...(before?.deployed === undefined ? {} : { deployed: before.deployed }),
  };
  if (stack === LOCAL_STACK) prepareLocalStack(ready.stackFacts, before?.facts ?? {});
  writeRecord(record);

  const config = parseStackFile(readStackFile(stack, root));
  // What a team's cluster has beside the stack is not this command's to count.
  if (stack === LOCAL_STACK) await preflight(cluster, asked, config);
  else refuseOldKubernetes(asked.version);

  const recreated =
    before?.clusterUid !== undefined && asked.uid !== undefined && before.clusterUid !== asked.uid;
  if (recreated && !(await acceptAnotherCluster(record, invocation))) return 1;
  writeRecord({ ...record, deployed: true });
  if (given(invocation, "take-over")) await takeOver(record, signal);
  const summary = await updateAgain(record, signal, { refresh: recreated });
  print(`${paint("bold", "Stack")}    ${stack}: ${summary}`);

  const reached = await waitForUrl(() => addressesOf(stack, cluster), signal);
  const url = "url" in reached ? reached.url : undefined;
  writeRecord({
    ...record,
    deployed: true,
    ...(asked.uid === undefined ? {} : { clusterUid: asked.uid }),
    ...(url === undefined ? {} : { url }),
  });
  if ("otherwise" in reached) unreachableHint(config, cluster, reached.otherwise);
  for (const line of await apiAddressHint(config, cluster, signal)) print(line);
  farewell(url, record, engine, config);
  return 0;
}

/** What another tool has deployed becomes the stack's, before the update that follows. */
async function takeOver(record: StackRecord, signal: AbortSignal): Promise<void> {
  const { stack, cluster } = record;
  const cli = await installedPulumi();
  if (cli === undefined) throw new UserError("Pulumi is not there any more.", ["npm start"]);
  const handle = await openStack(stack, cli, await updateEnvironment(record), { create: true });
  const { tools, objects, left } = await takeOverWithPulumi(handle, cluster, signal);
  print(`${paint("bold", "Taken over")} ${objects} objects of ${tools.join(" and ")}`);
  for (const name of left) print(`  ${name} is not part of the stack ${stack} and stays as it is`);
}

function prepareLocalStack(facts: Facts, before: Facts): void {
  if (usesOwnBackend(LOCAL_STACK)) {
    dropOrphanedSalt();
    prepareBackend();
  }
  writeLocalStack(facts, before);
}

function farewell(
  url: string | undefined,
  record: StackRecord,
  engine: Engine,
  { frontend }: StackConfig,
): void {
  print();
  if (url !== undefined) print(`${paint("bold", "Open")}     ${paint("cyan", url)}`);
  // Somebody else's front end knows for itself who may come in.
  if (frontend.dockerfile === "docker/frontend.Dockerfile") {
    print(
      `${paint("bold", "Sign in")}  choose "Create an account" there; any address and password will do`,
    );
  }
  print();
  const isLocal = record.stack === LOCAL_STACK;
  const next: [string, string][] = [];
  if (record.engine === "pulumi") {
    const pulumi = isLocal && bareWorks() ? "pulumi" : "npm run pulumi --";
    next.push([`${pulumi} preview --diff`, "what an edit would change"]);
    next.push([`${pulumi} up`, "update after an edit (npm start does it too)"]);
    if (isLocal && !bareWorks())
      next.push(['eval "$(npm run -s env)"', "makes a bare pulumi work in this shell"]);
  } else {
    next.push(["npm start", "update after an edit"]);
  }
  next.push(["npm run down", "dump the database, then remove everything"]);
  const typed = next.map(([command, what]) => [aboutStack(command, record.stack), what] as const);
  const width = Math.max(38, ...typed.map(([command]) => command.length));
  for (const [command, what] of typed) print(`  ${command.padEnd(width)} ${what}`);
  print();
  if ("cli" in engine) {
    print(`engine: pulumi ${engine.cli.version}`);
    return;
  }
  print("Without the engine there is no state, no preview, no history and no encrypted config.");
  print("engine: kubectl (no Pulumi)");
}
