import * as fs from "node:fs/promises";
import * as os from "node:os";
import * as path from "node:path";
import { run } from "../../tools/process";

/** The parts of Docker's own config.json that hold logins or name the program that does. */
interface DockerConfig {
  auths?: Record<string, { auth?: string }>;
  credHelpers?: Record<string, string>;
  credsStore?: string;
}

export interface Credentials {
  username: string;
  secret: string;
}

/** Docker keeps its own registry's login under this name for historical reasons. */
const DOCKER_HUB = "https://index.docker.io/v1/";

/** The login that `docker login` left for a registry; empty strings where there is none. */
export async function credentialsFor(host: string): Promise<Credentials> {
  const anonymous = { username: "", secret: "" };
  const server = /(^|\.)docker\.io$/.test(host) ? DOCKER_HUB : host;
  const folder = process.env.DOCKER_CONFIG ?? path.join(os.homedir(), ".docker");
  try {
    const file = await fs.readFile(path.join(folder, "config.json"), "utf8");
    const config = JSON.parse(file) as DockerConfig;
    const helper = config.credHelpers?.[server] ?? config.credsStore;
    if (helper !== undefined) return await askHelper(helper, server);
    const auth = config.auths?.[server]?.auth ?? config.auths?.[`https://${server}`]?.auth;
    if (auth === undefined) return anonymous;
    const [username = "", ...rest] = Buffer.from(auth, "base64").toString().split(":");
    return { username, secret: rest.join(":") };
  } catch {
    return anonymous; // no login: the registry says whether it wants one
  }
}

/** Docker's protocol for credential helpers: the server on standard input, JSON on the output. */
async function askHelper(helper: string, server: string): Promise<Credentials> {
  const options = { timeout: 20_000, input: server };
  const { code, stdout, stderr } = await run(`docker-credential-${helper}`, ["get"], options);
  if (code !== 0) throw new Error(stderr);
  const { Username, Secret } = JSON.parse(stdout) as { Username: string; Secret: string };
  return { username: Username, secret: Secret };
}
