import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import * as fs from "node:fs";
import * as net from "node:net";
import * as os from "node:os";
import * as path from "node:path";
import { setTimeout as pause } from "node:timers/promises";

/** A real image registry (Debian's package docker-registry) on a free port of this machine. */
export class Registry {
  private constructor(
    /** `127.0.0.1:41234`; Docker allows plain HTTP for it. */
    readonly host: string,
    private readonly child: ChildProcess,
    private readonly folder: string,
  ) {}

  /** Undefined where there is no such program and none can be installed. */
  static async start(): Promise<Registry | undefined> {
    if (!isInstalled() && !install()) return undefined;
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "todo-registry-"));
    const host = `127.0.0.1:${await freePort()}`;
    const config = path.join(folder, "config.yml");
    fs.writeFileSync(
      config,
      JSON.stringify({
        version: 0.1,
        storage: { filesystem: { rootdirectory: path.join(folder, "images") } },
        http: { addr: host },
      }),
    );
    const child = spawn("docker-registry", ["serve", config], { stdio: "ignore" });
    const registry = new Registry(host, child, folder);
    for (let tries = 0; tries < 100; tries++) {
      if (await registry.answers()) return registry;
      await pause(100);
    }
    registry.stop();
    throw new Error("docker-registry did not answer within 10 s");
  }

  /** When a tag's manifest was last written, to tell a second push from none. */
  written(name: string, tag: string): number {
    const link = `images/docker/registry/v2/repositories/${name}/_manifests/tags/${tag}/current/link`;
    return fs.statSync(path.join(this.folder, link)).mtimeMs;
  }

  stop(): void {
    this.child.kill();
    fs.rmSync(this.folder, { recursive: true, force: true });
  }

  private async answers(): Promise<boolean> {
    try {
      return (await fetch(`http://${this.host}/v2/`)).ok;
    } catch {
      return false;
    }
  }
}

function isInstalled(): boolean {
  return (process.env.PATH ?? "")
    .split(path.delimiter)
    .some((folder) => fs.existsSync(path.join(folder, "docker-registry")));
}

function install(): boolean {
  if (process.getuid?.() !== 0 || !fs.existsSync("/usr/bin/apt-get")) return false;
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  try {
    execFileSync("apt-get", ["install", "-y", "-qq", "docker-registry"], { env, stdio: "ignore" });
    return isInstalled();
  } catch {
    return false;
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as net.AddressInfo;
      server.close(() => {
        resolve(port);
      });
    });
  });
}
