/** The environment in which Pulumi finds a stack: its backend, its passphrase, and the CLI that was chosen. */
import { randomBytes } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { pathToFileURL } from "node:url";
import { root, state } from "../tools/paths";
import { writePrivately } from "../tools/private-file";
import type { PulumiCli } from "../tools/pulumi";
import { stackExists } from "./state";

/** The stack that `npm start` makes for one developer on one machine. */
export const LOCAL_STACK = "local";

/** Variables beside this process's own; `undefined` removes one. */
export type Environment = Record<string, string | undefined>;

/** URL of the state that lives in this clone. */
export function ownBackend(): string {
  return pathToFileURL(state("backend")).href;
}

/**
 * Whether a stack's state is kept in this clone. The stack `local` always is, logged in or not: it
 * describes one machine's cluster, and in a team's backend everyone's `local` would be the same stack.
 * A PULUMI_BACKEND_URL of the user's own, or another stack's name, says otherwise.
 */
export function usesOwnBackend(stack: string, env: NodeJS.ProcessEnv = process.env): boolean {
  const chosen = env["PULUMI_BACKEND_URL"] ?? "";
  return stack === LOCAL_STACK && (chosen === "" || chosen === ownBackend());
}

/** Makes the folder of the state and the passphrase file, once. */
export function prepareBackend(): void {
  fs.mkdirSync(state("backend"), { recursive: true, mode: 0o700 });
  if (!fs.existsSync(state("passphrase"))) {
    writePrivately(state("passphrase"), `${randomBytes(24).toString("base64url")}\n`);
  }
}

/** The backend that the user named for a team's stack; undefined for the clone's own and for that of `pulumi login`. */
export function namedBackend(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const url = env["PULUMI_BACKEND_URL"] ?? "";
  return url === "" || url === ownBackend() ? undefined : url;
}

/**
 * Where Pulumi's state and passphrase are; empty when both are the user's own.
 * @param recorded the backend that the stack was deployed to from here
 */
export function backendEnvironment(
  stack: string,
  env: NodeJS.ProcessEnv = process.env,
  recorded?: string,
): Environment {
  if (usesOwnBackend(stack, env)) {
    return {
      PULUMI_BACKEND_URL: ownBackend(),
      PULUMI_CONFIG_PASSPHRASE_FILE: state("passphrase"),
      // It would win over the file, and belongs to another stack of this user.
      ...(env["PULUMI_CONFIG_PASSPHRASE"] === undefined
        ? {}
        : { PULUMI_CONFIG_PASSPHRASE: undefined }),
    };
  }
  // This shell's variables are those of `npm run env` for `local`: a team's stack is not in that backend.
  if (env["PULUMI_BACKEND_URL"] === ownBackend() && !stackExists(stack)) {
    return {
      PULUMI_BACKEND_URL: recorded,
      ...(env["PULUMI_CONFIG_PASSPHRASE_FILE"] === state("passphrase")
        ? { PULUMI_CONFIG_PASSPHRASE_FILE: undefined }
        : {}),
    };
  }
  const isOpen = recorded !== undefined && (env["PULUMI_BACKEND_URL"] ?? "") === "";
  return isOpen ? { PULUMI_BACKEND_URL: recorded } : {};
}

/** As NODE_OPTIONS takes a path with spaces. */
function inQuotes(file: string): string {
  return `"${file.replace(/[\\"]/g, "\\$&")}"`;
}

/**
 * Variables for every run of the CLI. Node keeps what V8 makes of the SDK, and leaves out npm's resolver, in Pulumi's
 * second Node process too (program/typescript.cjs does both for the first): 0.4 s of CPU an update.
 */
export function cliEnvironment({ file }: PulumiCli): Environment {
  const folder = path.join(root, "node_modules", ".cache", "todo-app", "v8");
  const withoutNpm = path.join(root, "program", "without-npm.cjs");
  return {
    NODE_COMPILE_CACHE: process.env["NODE_COMPILE_CACHE"] ?? folder,
    NODE_OPTIONS: [process.env["NODE_OPTIONS"], `--require ${inQuotes(withoutNpm)}`]
      .join(" ")
      .trim(),
    PATH: [path.dirname(file), process.env["PATH"] ?? ""].join(path.delimiter),
    PULUMI_SKIP_UPDATE_CHECK: "true",
  };
}
