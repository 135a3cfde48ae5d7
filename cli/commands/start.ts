/** `npm start`: from a clean clone, or from wherever the last one stopped, to a URL that answers. */
import { bringUpCluster } from "../clusters";
import { chooseCluster, type ClusterChoice } from "../clusters/choice";
import { sandboxNeeds } from "../clusters/sandbox";
import { given, text, type Command, type Invocation } from "../command";
import { obtainPulumi, type PulumiCli } from "../../tools/pulumi";
import { bareWorks, LOCAL_STACK, prepareBackend, usesOwnBackend } from "../environment";
import { UserError } from "../../tools/errors";
import { readMachine, writeMachine, type Machine } from "../machine";
import { root } from "../../tools/paths";
import { preflight } from "../preflight";
import { survey } from "../probes";
import { findingsTable, type Finding } from "../probes/finding";
import {
  dropOrphanedSalt,
  namespaceOf,
  stackFile,
  stackValue,
  writeLocalStack,
  type Facts,
} from "../stack-file";
import { parseStackFile, readStackFile } from "../../config/stack-file";
import { confirm, paint, print } from "../terminal";
import { updateAgain } from "../update-again";
import { candidates, unreachableHint, waitForUrl } from "../url";
import * as fs from "node:fs";

const usage = `Usage: npm start -- [flags]

  --engine pulumi|kubectl     how objects are applied (default: pulumi where it can be had)
  --cluster minikube|sandbox  where they go (default: minikube where it can be had)
  --profile NAME              Minikube profile (default: todo-app)
  --context NAME              a cluster of your own, by its context in the kubeconfig
  --stack NAME                a stack of your team, from Pulumi.NAME.yaml (default: local)
  --yes                       answer every question with yes

What was chosen is kept for the next npm start, npm run down, npm run env and npm run pulumi.`;

export const command: Command = {
  usage,
  flags: {
    engine: { type: "string" },
    cluster: { type: "string" },
    profile: { type: "string" },
    context: { type: "string" },
    stack: { type: "string" },
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
  flag: string | undefined,
  before: Machine | undefined,
): Promise<Engine> {
  if (flag !== undefined && flag !== "pulumi" && flag !== "kubectl") {
    throw new UserError(`--engine is ${flag}; it must be pulumi or kubectl.`, [], 2);
  }
  const deployed = before?.deployed === true ? before.engine : undefined;
  if (deployed !== undefined && flag !== undefined && flag !== deployed) {
    throw new UserError(
      `The stack was deployed with ${deployed}, which alone knows what it made.`,
      [`npm run down && npm start -- --engine ${flag}`, "npm start   (stays with it)"],
    );
  }
  const wish = flag ?? deployed;
  if (wish === "kubectl") return { because: "asked for" };
  const obtained = await obtainPulumi();
  if ("file" in obtained) return { cli: obtained };
  if (wish === "pulumi") {
    throw new UserError(`${obtained.because}.`, [
      "Install it (https://www.pulumi.com/docs/install/), then: npm start",
      deployed === undefined
        ? "npm start -- --engine kubectl   (without Pulumi)"
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
    const needs = await sandboxNeeds();
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

function nodePortOf(stack: string): number {
  const value = Number(stackValue(stack, "todo-app:nodePort") ?? 30300);
  return Number.isInteger(value) ? value : 30300;
}

async function start(invocation: Invocation): Promise<number> {
  const { signal } = invocation;
  const stack = text(invocation, "stack") ?? LOCAL_STACK;
  const before = readMachine();
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
    chooseEngine(text(invocation, "engine"), before),
  ]);
  refuseWhatIsMissing(findings, choice);
  await announce(choice, engine, invocation);

  const nodePort = nodePortOf(stack);
  const ready = await bringUpCluster(choice, { nodePort, docker, signal });
  const { cluster, facts } = ready;
  print(`${paint("bold", "Cluster")}  ${cluster.context}, Kubernetes ${facts.version}`);

  const machine: Machine = {
    stack,
    engine: "cli" in engine ? "pulumi" : "kubectl",
    cluster,
    facts: stack === LOCAL_STACK ? ready.stackFacts : {},
    ...(before?.clusterUid === undefined ? {} : { clusterUid: before.clusterUid }),
    ...(before?.url === undefined ? {} : { url: before.url }),
    ...(before?.deployed === undefined ? {} : { deployed: before.deployed }),
  };
  if (stack === LOCAL_STACK) prepareLocalStack(ready.stackFacts, before?.facts ?? {});
  writeMachine(machine);

  if (stack === LOCAL_STACK) {
    await preflight(cluster, facts, parseStackFile(readStackFile(stack, root)));
  }

  const recreated = before?.clusterUid !== undefined && before.clusterUid !== facts.uid;
  if (recreated)
    print("It is another cluster than at the last update: everything is made again in it.");
  writeMachine({ ...machine, deployed: true });
  const summary = await updateAgain(machine, signal, recreated);
  print(`${paint("bold", "Stack")}    ${stack}: ${summary}`);

  const url = await waitForUrl(await candidates(cluster, nodePort), signal);
  writeMachine({
    ...machine,
    deployed: true,
    clusterUid: facts.uid,
    ...(url === undefined ? {} : { url }),
  });
  if (url === undefined) unreachableHint(cluster, namespaceOf(stack));
  farewell(url, machine, engine);
  return 0;
}

function prepareLocalStack(facts: Facts, before: Facts): void {
  if (usesOwnBackend(LOCAL_STACK)) {
    dropOrphanedSalt();
    prepareBackend();
  }
  writeLocalStack(facts, before);
}

function farewell(url: string | undefined, machine: Machine, engine: Engine): void {
  print();
  if (url !== undefined) print(`${paint("bold", "Open")}     ${paint("cyan", url)}`);
  print(
    `${paint("bold", "Sign in")}  choose "Create an account" there; any address and password will do`,
  );
  print();
  if (machine.engine === "pulumi") {
    const pulumi = bareWorks() ? "pulumi" : "npm run pulumi --";
    print(`  ${`${pulumi} preview --diff`.padEnd(38)} what an edit would change`);
    print(`  ${`${pulumi} up`.padEnd(38)} update after an edit (npm start does it too)`);
    if (!bareWorks())
      print(`  ${'eval "$(npm run -s env)"'.padEnd(38)} makes a bare pulumi work in this shell`);
  } else {
    print(`  ${"npm start".padEnd(38)} update after an edit`);
  }
  print(`  ${"npm run down".padEnd(38)} dump the database, then remove everything`);
  print();
  if ("cli" in engine) {
    print(`engine: pulumi ${engine.cli.version?.version ?? ""}`);
    return;
  }
  print("Without the engine there is no state, no preview, no history and no encrypted config.");
  print("engine: kubectl (no Pulumi)");
}
