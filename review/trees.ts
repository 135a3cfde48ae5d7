/** The two trees of a diff: the working tree as it is, and the base's commit checked out beside it. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, existsSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { run } from "../tools/process";
import { UserError } from "../tools/errors";
import { RENDERED_FORMAT, type Rendered, type Unrenderable } from "./rendered";

export interface Tree {
  folder: string;
  /** "main (3f2a9c0)", or "the working tree". */
  label: string;
  remove: () => Promise<void>;
}

async function git(root: string, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await run("git", args, { cwd: root });
  if (code !== 0) throw new UserError(`git ${args.join(" ")} failed:\n${stderr.trim()}`);
  return stdout.trim();
}

/** The commit at which the work on HEAD left the base: what came into the base later is not part of the diff. */
async function forkPoint(root: string, base: string): Promise<string> {
  const known = await run("git", ["rev-parse", "--verify", "--quiet", `${base}^{commit}`], {
    cwd: root,
  });
  if (known.code !== 0) {
    throw new UserError(`There is no commit ${base} in this clone.`, [
      `git fetch origin ${base}:${base}   (then run the command again)`,
      "npm run diff -- --base COMMIT",
    ]);
  }
  const { code, stdout } = await run("git", ["merge-base", base, "HEAD"], { cwd: root });
  // A shallow clone has no common ancestor: then the base itself is what there is.
  return code === 0 ? stdout.trim() : known.stdout.trim();
}

/**
 * Packages for a tree: those of this one where both lock files are the same, else its own, installed without
 * running any package's scripts.
 */
async function givePackages(root: string, folder: string, signal: AbortSignal): Promise<void> {
  const lock = (tree: string): string => readFileSync(path.join(tree, "package-lock.json"), "utf8");
  if (lock(root) === lock(folder)) {
    symlinkSync(path.join(root, "node_modules"), path.join(folder, "node_modules"), "junction");
    return;
  }
  // With the optional ones: esbuild's program is among them, without which tsx cannot start.
  const args = ["ci", "--ignore-scripts", "--no-audit", "--no-fund"];
  const { code, stderr } = await run("npm", args, { cwd: folder, signal });
  signal.throwIfAborted();
  if (code !== 0) {
    throw new UserError(`The base's packages could not be installed:\n${stderr.trim()}`);
  }
}

/** Checks out the base in a folder of its own, outside of the project. */
export async function baseTree(root: string, base: string, signal: AbortSignal): Promise<Tree> {
  const commit = await forkPoint(root, base);
  const folder = mkdtempSync(path.join(tmpdir(), "todo-base-"));
  const remove = async (): Promise<void> => {
    // The link goes first: nothing may follow it into this tree's own packages.
    rmSync(path.join(folder, "node_modules"), { force: true, recursive: true });
    await run("git", ["worktree", "remove", "--force", folder], { cwd: root });
    rmSync(folder, { force: true, recursive: true });
  };
  try {
    await git(root, "worktree", "add", "--detach", "--quiet", folder, commit);
    await givePackages(root, folder, signal);
    return { folder, label: `${base} (${commit.slice(0, 7)})`, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** Stacks that a tree has, apart from a developer's own. */
export function stacksOf(folder: string): string[] {
  return readdirSync(folder)
    .flatMap((file) => /^Pulumi\.([\w-]+)\.ya?ml$/.exec(file)?.[1] ?? [])
    .filter((stack) => stack !== "local")
    .sort();
}

/** No token, key or passphrase of this process: rendering needs none, and the code may be a stranger's. */
function bareEnvironment(): Record<string, string | undefined> {
  const kept = new Set(["PATH", "HOME", "TMPDIR", "LANG", "SYSTEMROOT", "NODE_COMPILE_CACHE"]);
  return Object.fromEntries(
    Object.keys(process.env)
      .filter((name) => !kept.has(name.toUpperCase()))
      .map((name) => [name, undefined]),
  );
}

/** Renders stacks with the tree's own code. */
export async function renderTree(
  { folder, label }: Pick<Tree, "folder" | "label">,
  stacks: readonly string[],
  signal: AbortSignal,
): Promise<Map<string, Rendered | Unrenderable>> {
  const program = path.join(folder, "review", "render-stack.ts");
  if (!existsSync(program)) {
    throw new UserError(`${label} is older than this command and cannot be rendered by it.`, [
      "npm run diff -- --base COMMIT   (a newer one)",
    ]);
  }
  // A tree from before the project compiled its own TypeScript has tsx.
  const compiler = path.join(folder, "program", "typescript.cjs");
  const loader = existsSync(compiler) ? ["--require", compiler] : ["--import", "tsx"];
  const { code, stdout, stderr } = await run(process.execPath, [...loader, program, ...stacks], {
    cwd: folder,
    // What Node keeps is by the file's path, which is another one the next time.
    env: { ...bareEnvironment(), NODE_DISABLE_COMPILE_CACHE: "1" },
    signal,
  });
  signal.throwIfAborted();
  if (code !== 0) throw new UserError(`${label} could not be rendered:\n${stderr.trim()}`);
  const results = JSON.parse(stdout) as (Rendered | Unrenderable)[];
  for (const { format } of results) {
    if ((format as number) !== RENDERED_FORMAT) {
      throw new UserError(`${label} renders in another format (${format}) than this tree.`, [
        "Merge or rebase, so that both sides have the same version of review/",
      ]);
    }
  }
  return new Map(results.map((result) => [result.stack, result]));
}
