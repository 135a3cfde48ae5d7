/** `npm run adopt -- PATH…`: a stack's file for applications of one's own, made by looking into their folders. */
import * as fs from "node:fs";
import * as path from "node:path";
import { LOCAL_STACK } from "../../automation/environment";
import { UsageError, UserError } from "../../tools/errors";
import { root, state } from "../../tools/paths";
import { configure } from "../adopt/configure";
import { reportLines } from "../adopt/report";
import { assignRoles, isRole, type Role } from "../adopt/roles";
import { survey } from "../adopt/survey";
import { stackText } from "../adopt/write";
import { given, text, type Command, type Invocation } from "../command";
import { assignment } from "../new-stack/file";
import { stackFile, withFacts } from "../stack-file";
import { readRecord, requireStackName } from "../stack-record";
import { confirmLoss, print } from "../terminal";

const usage = `Usage: npm run adopt -- [ROLE=]PATH [[ROLE=]PATH …] [KEY=VALUE …] [flags]

  --stack NAME    the stack whose file is written (default: local)
  --context NAME  the cluster, by its context in the kubeconfig (stacks other than local)
  --force         replace a stack's file that is there; the old one is kept in .stack/replaced

Looks for applications with a Dockerfile in the folders, at their package lists, Compose file, chart values, examples of
environment files and sources, and writes Pulumi.NAME.yaml with a comment for each guess. Runs nothing of what it finds. Values
in a real .env are not read. ROLE is frontend, backend or mcp: frontend=../web is the front end, whatever it looks like. KEY=VALUE, as
in Pulumi.yaml, goes before a guess.`;

export const command: Command = {
  usage,
  flags: {
    stack: { type: "string" },
    context: { type: "string" },
    force: { type: "boolean" },
  },
  positional: true,
  run: adopt,
};

async function adopt(invocation: Invocation): Promise<number> {
  const stack = text(invocation, "stack") ?? LOCAL_STACK;
  requireStackName(stack);
  const { folders, named, values } = argumentsOf(invocation.positionals);
  if (folders.length === 0)
    throw new UsageError("The folders of the applications are missing.", usage);
  for (const folder of folders) requireFolder(folder);
  if (stack !== LOCAL_STACK && !values.has("namespace"))
    values.set("namespace", `todo-app-${stack}`);

  const found = survey(folders.map((folder) => path.resolve(folder)));
  if (found.applications.length === 0) {
    throw new UserError(`There is no Dockerfile in ${folders.join(", ")}.`, [
      "Write one for each application (docker init makes a first one), then run this again.",
    ]);
  }
  const taken = assignRoles(found, named).found;
  for (const [role, folder] of named) {
    if (taken[role] === undefined) {
      throw new UserError(`There is no Dockerfile for ${role} in ${folder}.`, [
        "Write one (docker init makes a first one), or give the folder that it is in as well.",
      ]);
    }
  }
  const plan = configure(found, { root, given: values, named });
  const before = await replaced(stack, invocation);
  const { text: content, refused } = stackText(plan, {
    template: templateFor(stack, text(invocation, "context")),
    header: `# The stack ${stack}, made by npm run adopt for ${folders.join(" and ")}. Every line is a guess: change what is wrong.`,
    ...(before === undefined ? {} : { before }),
    given: values,
    project: fs.readFileSync(path.join(root, "Pulumi.yaml"), "utf8"),
  });
  if (before !== undefined) keep(stack, before);
  fs.writeFileSync(stackFile(stack), content);
  for (const line of reportLines(stack, plan, refused)) print(line);
  return 0;
}

/** Folders, those among them that are named for a place (absolute), and settings. */
function argumentsOf(positionals: readonly string[]): {
  folders: string[];
  named: Map<Role, string>;
  values: Map<string, string>;
} {
  const folders: string[] = [];
  const named = new Map<Role, string>();
  const values = new Map<string, string>();
  for (const argument of positionals) {
    const [, name, value = ""] = /^([A-Za-z]\w*)=([^]*)$/.exec(argument) ?? [];
    if (name === undefined) folders.push(argument);
    else if (isRole(name)) {
      if (named.has(name)) throw new UsageError(`${name} is there twice.`, usage);
      folders.push(value);
      named.set(name, path.resolve(value));
    } else values.set(...assignment(argument));
  }
  return { folders, named, values };
}

/** The dev stack's file, for the cluster that is given, or that the stack is in already. */
function templateFor(stack: string, context?: string): string {
  const template = fs.readFileSync(stackFile("dev"), "utf8");
  const facts = readRecord(stack)?.facts ?? {};
  const chosen = context === undefined ? facts : { ...facts, "kubernetes:context": context };
  return withFacts(template, chosen, "template");
}

function requireFolder(folder: string): void {
  if (fs.statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return;
  throw new UserError(
    folder === "" ? "A path is missing after the =." : `There is no folder ${folder}.`,
    ["npm run adopt -- PATH [PATH …], or frontend=PATH backend=PATH mcp=PATH"],
    2,
  );
}

/** The text of a stack's file that would be replaced; undefined where there is none. */
async function replaced(stack: string, invocation: Invocation): Promise<string | undefined> {
  const file = stackFile(stack);
  if (!fs.existsSync(file)) return undefined;
  const question = `Pulumi.${stack}.yaml is there already. Replace it?`;
  if (!(await confirmLoss(question, given(invocation, "force"), invocation.signal))) {
    throw new UserError("Stopped; nothing was changed.", [
      `npm run adopt -- PATH … --stack NAME   (writes another stack's)`,
    ]);
  }
  return fs.readFileSync(file, "utf8");
}

function keep(stack: string, before: string): void {
  const folder = state("replaced");
  fs.mkdirSync(folder, { recursive: true });
  const stamp = new Date().toISOString().replaceAll(":", "-").slice(0, 19);
  const file = path.join(folder, `Pulumi.${stack}.${stamp}.yaml`);
  fs.writeFileSync(file, before, { mode: 0o600 });
  print(`The file of before is ${path.relative(root, file)}.`);
}
