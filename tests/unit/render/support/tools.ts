import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import * as path from "node:path";

import { cacheFolder } from "../../../../tools/paths";
import { run, tail, which } from "../../../../tools/process";

/** Programs that judge what is rendered, each at one version, built once for all clones of this machine. */
const goPrograms = {
  helm3: { module: "helm.sh/helm/v3/cmd/helm", version: "v3.22.0", file: "helm" },
  helm4: { module: "helm.sh/helm/v4/cmd/helm", version: "v4.3.1", file: "helm" },
  "kube-score": {
    module: "github.com/zegl/kube-score/cmd/kube-score",
    version: "v1.20.0",
    file: "kube-score",
  },
} as const;

export type GoProgram = keyof typeof goPrograms;

/** Milliseconds that building one takes at most: two minutes on two idle cores, with an empty cache. */
export const buildTimeout = 20 * 60_000;

/**
 * Path of a program: the user's own where it is of the right major version, else one that is built.
 * @returns undefined where it is neither there nor can be built, for want of Go
 */
export async function goProgram(name: GoProgram): Promise<string | undefined> {
  const { module, version, file } = goPrograms[name];
  const own = which(file);
  if (own !== undefined) {
    const { stdout } = await run(own, ["version"], { timeout: 10_000 });
    const major = version.split(".", 1)[0] ?? "";
    if (new RegExp(`"?${major}\\.`).test(stdout)) return own;
  }
  const folder = path.join(cacheFolder(), "tools");
  const target = path.join(folder, `${name}-${version}`);
  if (existsSync(target)) return target;
  if (which("go") === undefined) return undefined;
  mkdirSync(folder, { recursive: true });
  console.log(`      building ${name} ${version} once, some minutes …`);
  // Under another name until it is whole: an interrupted build leaves nothing that looks finished.
  const out = mkdtempSync(path.join(folder, "building-"));
  try {
    const args = ["install", "-trimpath", "-ldflags", "-s -w", `${module}@${version}`];
    const built = await run("go", args, {
      env: { CGO_ENABLED: "0", GOBIN: out, GOFLAGS: undefined },
    });
    if (built.code !== 0) throw new Error(`go cannot build ${module}:\n${tail(built.stderr, 10)}`);
    renameSync(path.join(out, file), target);
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
  return target;
}

async function findPython(): Promise<string | undefined> {
  for (const name of ["python3.13", "python3.12", "python3.11", "python3"]) {
    const file = which(name);
    // A pyenv shim exists for versions that are not selected, and fails when called.
    if (file !== undefined && (await run(file, ["--version"])).code === 0) return file;
  }
  return undefined;
}

/** Path of a Python program of requirements.txt beside this file, installed once for each state of it. */
export async function pythonProgram(name: string): Promise<string | undefined> {
  const requirements = path.join(__dirname, "requirements.txt");
  const digest = createHash("sha256").update(readFileSync(requirements)).digest("hex").slice(0, 12);
  const target = path.join(cacheFolder(), "tools", `python-${digest}`);
  const program = path.join(target, "bin", name);
  if (existsSync(path.join(target, "complete"))) return program;
  const python = await findPython();
  if (python === undefined) return undefined;
  console.log(`      installing ${name} and others once …`);
  rmSync(target, { recursive: true, force: true });
  mkdirSync(path.dirname(target), { recursive: true });
  const steps: [string, string[]][] = [
    [python, ["-m", "venv", target]],
    [
      path.join(target, "bin", "pip"),
      ["install", "--quiet", "--require-hashes", "-r", requirements],
    ],
  ];
  for (const [command, args] of steps) {
    const { code, stdout, stderr } = await run(command, args);
    if (code !== 0) throw new Error(`${command} ${args[0]}:\n${tail(stdout + stderr, 10)}`);
  }
  mkdirSync(path.join(target, "complete"));
  return program;
}
