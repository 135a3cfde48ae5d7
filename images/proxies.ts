import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

/** The arguments that Docker knows without a Dockerfile's ARG: neither in an image's history nor in the build cache's keys. */
const NAMES = { httpProxy: "HTTP_PROXY", httpsProxy: "HTTPS_PROXY", noProxy: "NO_PROXY" } as const;

/**
 * The proxies for the steps of a build, as `docker build` passes them: those of Docker's own config.json, else those of this
 * machine's environment. They are no content: an image is the same behind every proxy, and so is its tag.
 */
export function proxyArguments(env: NodeJS.ProcessEnv = process.env): Record<string, string> {
  const configured = fromDockerConfig(env);
  const found = Object.keys(configured).length > 0 ? configured : fromEnvironment(env);
  // Programs differ in the case that they look at.
  return Object.fromEntries(
    Object.entries(found).flatMap(([name, value]) => [
      [name, value],
      [name.toLowerCase(), value],
    ]),
  );
}

function fromEnvironment(env: NodeJS.ProcessEnv): Record<string, string> {
  const values = Object.values(NAMES).flatMap((name) => {
    const value = env[name] ?? env[name.toLowerCase()] ?? "";
    return value === "" ? [] : [[name, value] as const];
  });
  const proxies = values.filter(([name, value]) => name !== "NO_PROXY" && !isLoopback(value));
  // Exceptions alone mean nothing.
  if (proxies.length === 0) return {};
  return Object.fromEntries([...proxies, ...values.filter(([name]) => name === "NO_PROXY")]);
}

/** A proxy on this machine's own loopback is somebody else's address within a build. */
function isLoopback(proxy: string): boolean {
  return /^(\w+:\/\/)?([^@/]*@)?(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:|\/|$)/i.test(proxy);
}

interface DockerConfig {
  proxies?: { default?: Partial<Record<keyof typeof NAMES, string>> };
}

function fromDockerConfig(env: NodeJS.ProcessEnv): Record<string, string> {
  const folder = env["DOCKER_CONFIG"] ?? path.join(os.homedir(), ".docker");
  try {
    const text = fs.readFileSync(path.join(folder, "config.json"), "utf8");
    const proxies = (JSON.parse(text) as DockerConfig).proxies?.default ?? {};
    return Object.fromEntries(
      Object.entries(NAMES).flatMap(([key, name]) => {
        const value = proxies[key as keyof typeof NAMES] ?? "";
        return value === "" ? [] : [[name, value]];
      }),
    );
  } catch {
    return {}; // no file, or not one of Docker's
  }
}
