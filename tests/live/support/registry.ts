import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import * as fs from "node:fs";
import * as net from "node:net";
import * as os from "node:os";
import * as path from "node:path";
import { setTimeout as pause } from "node:timers/promises";

/** A login, for a registry that lets nobody else in. The hash is the password's, as htpasswd -B writes it. */
export const login = {
  username: "puller",
  password: "for-this-test-only",
  hash: "$2b$05$FUmrT7QbHn/5nwBXHOtkFu5QJZ.164EGkivStSX.ZnCEMPziqndNa",
};

/** A real image registry (Debian's package docker-registry) on a free port of this machine. */
export class Registry {
  private readonly children: ChildProcess[] = [];
  private bridge: net.Server | undefined;

  private constructor(
    /** `127.0.0.1:41234`; Docker and containerd allow plain HTTP for it. */
    readonly host: string,
    private readonly folder: string,
  ) {}

  /**
   * Undefined where there is no such program and none can be installed.
   * @param access who may push and pull
   */
  static async start(access: "anybody" | "login" = "anybody"): Promise<Registry | undefined> {
    if (!isInstalled() && !install()) return undefined;
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "todo-registry-"));
    const host = `127.0.0.1:${await freePort()}`;
    const config = path.join(folder, "config.yml");
    const passwords = path.join(folder, "htpasswd");
    fs.writeFileSync(passwords, `${login.username}:${login.hash}\n`);
    fs.writeFileSync(
      config,
      JSON.stringify({
        version: 0.1,
        storage: { filesystem: { rootdirectory: path.join(folder, "images") } },
        http: { addr: host },
        ...(access === "login" && { auth: { htpasswd: { realm: "test", path: passwords } } }),
      }),
    );
    const registry = new Registry(host, folder);
    registry.run("docker-registry", "serve", config);
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

  /** The digest that a tag has here, with the login. */
  async digest(name: string, tag: string): Promise<string | null> {
    const basic = Buffer.from(`${login.username}:${login.password}`).toString("base64");
    const accept = "application/vnd.docker.distribution.manifest.v2+json";
    const headers = { Accept: accept, Authorization: `Basic ${basic}` };
    const answer = await fetch(`http://${this.host}/v2/${name}/manifests/${tag}`, { headers });
    return answer.headers.get("docker-content-digest");
  }

  /**
   * Lets a node, which has a loopback of its own, reach the registry under the same address: a listener in the node's
   * network hands connections through a socket file. So nothing listens on any other address of this machine.
   */
  async serveTo(node: string): Promise<void> {
    const socket = path.join(this.folder, "bridge");
    const [, port = ""] = this.host.split(":");
    if (this.bridge === undefined) {
      this.bridge = net.createServer((inside) => {
        join(inside, net.connect(Number(port), "127.0.0.1"));
      });
      await new Promise<void>((resolve) => this.bridge?.listen(socket, resolve));
    }
    const format = ["inspect", "--format", "{{.State.Pid}}", node];
    const pid = execFileSync("docker", format, { encoding: "utf8" }).trim();
    const listen =
      `require("net").createServer((a) => { const b = require("net").connect(${JSON.stringify(socket)});` +
      ` a.on("error", () => b.destroy()); b.on("error", () => a.destroy()); a.pipe(b).pipe(a); })` +
      `.listen(${port}, "127.0.0.1")`;
    this.run("nsenter", `--net=/proc/${pid}/ns/net`, process.execPath, "-e", listen);
  }

  stop(): void {
    for (const child of this.children) child.kill();
    this.bridge?.close();
    fs.rmSync(this.folder, { recursive: true, force: true });
  }

  private run(program: string, ...args: string[]): void {
    this.children.push(spawn(program, args, { stdio: "ignore" }));
  }

  private async answers(): Promise<boolean> {
    try {
      const { status } = await fetch(`http://${this.host}/v2/`);
      return status === 200 || status === 401;
    } catch {
      return false;
    }
  }
}

function join(a: net.Socket, b: net.Socket): void {
  a.on("error", () => b.destroy());
  b.on("error", () => a.destroy());
  a.pipe(b).pipe(a);
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
