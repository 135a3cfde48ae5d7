import { spawn } from "node:child_process";

import type { Project } from "../../live/support/project";

/** How far an update had come when it was killed. */
export interface Killed {
  /** The line after which it was killed; undefined when it ended before that. */
  at: string | undefined;
  output: string;
}

/**
 * Runs `npm start` and kills it, without a signal that it could act on, as soon as it prints a line like `point`. Everything that
 * it had started goes with it, as when a machine loses its power.
 */
export function startAndKill(project: Project, point: RegExp): Promise<Killed> {
  return new Promise((resolve, reject) => {
    const child = spawn("npm", ["run", "--silent", "start"], {
      cwd: project.folder,
      detached: true, // a process group of its own
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, INIT_CWD: project.folder },
    });
    let output = "";
    let at: string | undefined;
    const read = (chunk: Buffer): void => {
      output += chunk.toString("utf8");
      if (at !== undefined || child.pid === undefined) return;
      at = output.split("\n").find((line) => point.test(line));
      if (at !== undefined) process.kill(-child.pid, "SIGKILL");
    };
    child.stdout.on("data", read);
    child.stderr.on("data", read);
    child.on("error", reject);
    child.on("close", () => {
      resolve({ at: at?.trim(), output });
    });
  });
}
