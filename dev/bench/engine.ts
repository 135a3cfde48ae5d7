import { execFile } from "node:child_process";
import { promisify } from "node:util";

import type { Project } from "../../tests/live/support/project";

const execute = promisify(execFile);

/** The Pulumi CLI in the environment of a project's stack, without npm in between. */
export class Engine {
  private constructor(
    private readonly folder: string,
    private readonly environment: NodeJS.ProcessEnv,
  ) {}

  /** @throws Error when the project was deployed without Pulumi */
  static async of(project: Project): Promise<Engine> {
    const { stdout } = await execute(
      "bash",
      [
        "-c",
        'exports=$(npm run --silent env) && eval "$exports" && command -v pulumi >/dev/null && env -0',
      ],
      { cwd: project.folder },
    ).catch(() => {
      throw new Error("The stack was not deployed with Pulumi: there is no engine to measure.");
    });
    const variables = stdout.split("\0").filter((line) => line.includes("="));
    return new Engine(
      project.folder,
      Object.fromEntries(
        variables.map((line) => [
          line.slice(0, line.indexOf("=")),
          line.slice(line.indexOf("=") + 1),
        ]),
      ),
    );
  }

  async pulumi(...args: string[]): Promise<void> {
    await execute("pulumi", [...args, "--non-interactive"], {
      cwd: this.folder,
      env: this.environment,
      maxBuffer: 64 * 2 ** 20,
    });
  }

  up(): Promise<void> {
    return this.pulumi("up", "--yes", "--skip-preview");
  }
}
