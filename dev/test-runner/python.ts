/** The back end's virtual environment: made once for each state of its requirements. */
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { UserError } from "../../tools/errors";
import { root } from "../../tools/paths";
import { compareVersions, versionIn } from "../../tools/versions";
import { run, tail, which } from "../../tools/process";
import { note } from "../../cli/terminal";

/** The back end supports Python from 3.11 on; its image has 3.13. */
const LEAST = "3.11.0";

export const backendFolder = path.join(root, "backend");

/** A program of the virtual environment: `venv("pytest")`. */
export function venv(program: string): string {
  return path.join(backendFolder, ".venv", "bin", program);
}

async function findPython(): Promise<{ file: string; version: string }> {
  for (const name of ["python3.13", "python3.12", "python3.11", "python3", "python"]) {
    const file = which(name);
    if (file === undefined) continue;
    // A pyenv shim exists for versions that are not selected, and fails when called.
    const { code, stdout, stderr } = await run(file, ["--version"], { timeout: 10_000 });
    const version = versionIn(stdout || stderr);
    if (code === 0 && compareVersions(version, LEAST) >= 0) return { file, version };
  }
  throw new UserError(
    "No Python from 3.11 on is on PATH; the back end's tests and checks need it.",
    [
      "Install it: https://www.python.org/downloads/ (or your system's packages: python3 python3-venv)",
    ],
  );
}

/** Makes `backend/.venv` with everything in requirements-dev.txt, unless it is there already. */
export async function ensureVenv(signal: AbortSignal): Promise<void> {
  const requirements = path.join(backendFolder, "requirements-dev.txt");
  const python = await findPython();
  const digest = createHash("sha256")
    .update(`${python.version}\n`)
    .update(fs.readFileSync(requirements))
    .digest("hex");
  const stamp = path.join(backendFolder, ".venv", ".installed-from");
  if (fs.existsSync(stamp) && fs.readFileSync(stamp, "utf8") === digest) return;
  note(`Installing the back end's packages for Python ${python.version} (once) …`);
  const folder = path.join(backendFolder, ".venv");
  const made = await run(python.file, ["-m", "venv", "--clear", folder], { signal });
  if (made.code !== 0) {
    throw new UserError(
      `Python cannot make a virtual environment:\n${tail(made.stdout + made.stderr, 5)}`,
      ["On Debian and Ubuntu: sudo apt install python3-venv"],
    );
  }
  await install(requirements, signal);
  fs.writeFileSync(stamp, digest);
}

/**
 * With uv, which takes 10 s of processor where pip takes 37 (measured, packages downloaded before). It does not read pip's own
 * configuration, though, such as the index of a company: what it cannot install, pip does.
 */
async function install(requirements: string, signal: AbortSignal): Promise<void> {
  const pip = ["install", "--quiet", "--require-hashes", "-r"];
  const build = path.join(backendFolder, "requirements-build.txt");
  const uv = await run(venv("pip"), [...pip, build], { signal });
  if (uv.code === 0) {
    const args = ["pip", "install", "--quiet", "--compile-bytecode", "--require-hashes"];
    const env = { UV_SYSTEM_CERTS: "1" };
    const { code } = await run(
      venv("uv"),
      [...args, "--python", venv("python"), "-r", requirements],
      { env, signal },
    );
    if (code === 0) return;
  }
  signal.throwIfAborted();
  const { code, stderr } = await run(venv("pip"), [...pip, requirements], { signal });
  signal.throwIfAborted();
  if (code !== 0) {
    throw new UserError(`pip could not install the back end's packages:\n${tail(stderr, 15)}`);
  }
}
