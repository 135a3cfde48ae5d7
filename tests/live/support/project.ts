import { execFileSync, spawn } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";

const root = path.join(__dirname, "..", "..", "..");

/** What a command printed and how it ended. */
export interface Finished {
  code: number | null;
  /** Standard output and error, in the order in which they came. */
  output: string;
}

/** A copy of the project as a user has it after `git clone`, to change and to deploy from. */
export class Project {
  private constructor(readonly folder: string) {}

  /**
   * Copies the files that git tracks, as they are now; shares what npm has installed.
   * @param folder to make, or to bring up to date; by default a temporary one
   */
  static clone(folder = mkdtempSync(path.join(tmpdir(), "todo-live-"))): Project {
    mkdirSync(folder, { recursive: true });
    const files = execFileSync("git", ["ls-files", "-z"], { cwd: root, encoding: "utf8" });
    for (const file of files.split("\0").filter((name) => name !== "")) {
      const source = path.join(root, file);
      if (!existsSync(source)) continue; // deleted, and not committed yet
      mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
      cpSync(source, path.join(folder, file));
    }
    const modules = path.join(folder, "node_modules");
    if (!existsSync(modules)) symlinkSync(path.join(root, "node_modules"), modules);
    return new Project(folder);
  }

  path(...parts: string[]): string {
    return path.join(this.folder, ...parts);
  }

  /** Makes the stack `local` with some keys set, as `npm start` would make it without them. */
  configure(values: Record<string, unknown>): void {
    const lines = Object.entries(values).map(
      ([key, value]) => `  todo-app:${key}: ${JSON.stringify(value)}\n`,
    );
    const dev = readFileSync(this.path("Pulumi.dev.yaml"), "utf8")
      .trimEnd()
      .split("\n")
      // What the dev stack sets itself stands there once.
      .filter((line) => !Object.keys(values).some((key) => line.startsWith(`  todo-app:${key}:`)));
    writeFileSync(this.path("Pulumi.local.yaml"), `${dev.join("\n")}\n${lines.join("")}`);
  }

  /** `npm run …` as a user types it, without a terminal. */
  run(...args: string[]): Promise<Finished> {
    return this.runWith({}, ...args);
  }

  /** The same, while it goes on. */
  background(...args: string[]): Background {
    return new Background(this.folder, args);
  }

  /** The same in an environment with other variables. */
  runWith(env: NodeJS.ProcessEnv, ...args: string[]): Promise<Finished> {
    return this.execute("npm", ["run", "--silent", ...args], env);
  }

  private execute(program: string, args: string[], env: NodeJS.ProcessEnv): Promise<Finished> {
    return new Promise((resolve, reject) => {
      const child = spawn(program, args, {
        cwd: this.folder,
        stdio: ["ignore", "pipe", "pipe"],
        // The project of the tests must not lead the copy to the stack of the tests' own checkout.
        env: { ...process.env, ...env, INIT_CWD: this.folder },
      });
      const chunks: Buffer[] = [];
      child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
      child.stderr.on("data", (chunk: Buffer) => chunks.push(chunk));
      child.on("error", reject);
      child.on("close", (code) => {
        resolve({ code, output: Buffer.concat(chunks).toString("utf8") });
      });
    });
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A command that runs beside the test, until it is asked to end as by Ctrl-C. */
export class Background {
  private printed = "";
  private readonly child;
  private readonly ended: Promise<number | null>;
  private listen: () => void = () => undefined;

  constructor(folder: string, args: string[]) {
    this.child = spawn("npm", ["run", "--silent", ...args], {
      cwd: folder,
      stdio: ["ignore", "pipe", "pipe"],
      detached: true, // a process group of its own, which a terminal's Ctrl-C reaches as a whole
      env: { ...process.env, INIT_CWD: folder },
    });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream.setEncoding("utf8").on("data", (chunk: string) => {
        this.printed += chunk;
        this.listen();
      });
    }
    this.ended = new Promise((resolve) => {
      this.child.on("close", (code) => {
        resolve(code);
        this.listen();
      });
    });
  }

  get output(): string {
    return this.printed;
  }

  /**
   * Waits until it has printed something beyond what it had printed before.
   * @param from length of the output before
   * @returns what it printed since
   */
  async printsAfter(from: number, pattern: RegExp, minutes = 3): Promise<string> {
    const end = Date.now() + minutes * 60_000;
    while (!pattern.test(this.printed.slice(from))) {
      if (this.child.exitCode !== null || Date.now() > end) {
        throw new Error(`It did not print ${String(pattern)}:\n${this.printed.slice(from)}`);
      }
      await Promise.race([
        new Promise<void>((resolve) => (this.listen = resolve)),
        new Promise((resolve) => setTimeout(resolve, 1000)),
      ]);
    }
    return this.printed.slice(from);
  }

  /** Ends it without a word, as when its window is closed for good. */
  kill(): void {
    if (this.child.pid !== undefined) process.kill(-this.child.pid, "SIGKILL");
  }

  /** Ctrl-C. */
  async interrupt(): Promise<Finished> {
    if (this.child.exitCode === null && this.child.pid !== undefined) {
      process.kill(-this.child.pid, "SIGINT");
    }
    return { code: await this.ended, output: this.printed };
  }
}
