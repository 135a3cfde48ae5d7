import { output } from "../../tools/process";
import type { Project } from "../../tests/live/support/project";

/** The Pulumi CLI in the environment of a project's stack, without npm in between. */
export class Engine {
  private constructor(
    private readonly folder: string,
    /** Of the stack: what is set, and what this process has and it has not. */
    private readonly environment: Record<string, string | undefined>,
  ) {}

  /** @throws Error when the project was deployed without Pulumi */
  static async of(project: Project): Promise<Engine> {
    const printed = await output(
      "bash",
      [
        "-c",
        'exports=$(npm run --silent env) && eval "$exports" && command -v pulumi >/dev/null && env -0',
      ],
      { cwd: project.folder, timeout: undefined },
    ).catch(() => {
      throw new Error("The stack was not deployed with Pulumi: there is no engine to measure.");
    });
    const variables = printed.split("\0").filter((line) => line.includes("="));
    const none = Object.keys(process.env).map((name) => [name, undefined] as const);
    const given = variables.map(
      (line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)] as const,
    );
    return new Engine(project.folder, Object.fromEntries([...none, ...given]));
  }

  async pulumi(...args: string[]): Promise<void> {
    await output("pulumi", [...args, "--non-interactive"], {
      cwd: this.folder,
      env: this.environment,
      timeout: undefined,
    });
  }

  up(): Promise<void> {
    return this.pulumi("up", "--yes", "--skip-preview");
  }
}
