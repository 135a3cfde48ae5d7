/** Docker Compose for `npm run dev`: the program, and the file of passwords that it needs. */
import { randomBytes } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { UserError } from "../tools/errors";
import { LOCAL_STACK } from "../automation/environment";
import { readRecord } from "./stack-record";
import { root } from "../tools/paths";
import { compareVersions, versionIn } from "../tools/versions";
import { run, which } from "../tools/process";
import { note } from "./terminal";

/** `!reset` and `!override`, which the development overlay uses, came with this version. */
const LEAST = "2.24.4";

const INSTALL =
  "Install it: https://docs.docker.com/compose/install/ (or the package docker-compose-plugin)";
const WITHOUT =
  "npm run dev -- --cluster   (needs no Compose: updates the cluster after each edit)";

/** Words of `docker compose` (the plugin) or `docker-compose`, whichever is there and new enough. */
export async function composeProgram(): Promise<[string, ...string[]]> {
  const found: string[] = [];
  for (const words of [["docker", "compose"], ["docker-compose"]] as [string, ...string[]][]) {
    const [program, ...rest] = words;
    if (which(program) === undefined) continue;
    const result = await run(program, [...rest, "version", "--short"], { timeout: 10_000 });
    const version = result.code === 0 ? versionIn(result.stdout) : "";
    if (version === "") continue;
    if (compareVersions(version, LEAST) >= 0) return words;
    found.push(`${words.join(" ")} is ${version}`);
  }
  const problem =
    found.length === 0
      ? "Docker Compose is not on this machine"
      : `Docker Compose is too old: ${found.join(", ")}, ${LEAST} or newer is needed`;
  throw new UserError(`${problem}; npm run dev runs both applications with it.`, [
    INSTALL,
    WITHOUT,
  ]);
}

/** Base images of this machine's stack, where `npm start` had to put others in place of the usual ones. */
function standIns(): string {
  const facts = readRecord(LOCAL_STACK)?.facts ?? {};
  const names = {
    nodeImage: "NODE_IMAGE",
    pythonImage: "PYTHON_IMAGE",
    postgresImage: "POSTGRES_IMAGE",
  };
  return Object.entries(names)
    .map(([key, variable]) => [variable, facts[`todo-app:${key}`]] as const)
    .filter(([, image]) => image !== undefined)
    .map(([variable, image]) => `${variable}=${image}\n`)
    .join("");
}

/** Makes `docker/.env` with passwords of its own, where nobody has made one. */
export function ensureComposeEnvironment(): void {
  const file = path.join(root, "docker", ".env");
  if (fs.existsSync(file)) return;
  const example = path.join(root, "docker", ".env.example");
  const text = fs.existsSync(example)
    ? fs.readFileSync(example, "utf8")
    : "POSTGRES_PASSWORD=\nJWT_SECRET=\n";
  const filled = text.replace(
    /^(POSTGRES_PASSWORD|JWT_SECRET)=.*$/gm,
    (_line, name: string) => `${name}=${randomBytes(24).toString("hex")}`,
  );
  fs.writeFileSync(file, filled + standIns(), { mode: 0o600 });
  note("Made docker/.env with a password and a signing key of its own (git ignores it).");
}
