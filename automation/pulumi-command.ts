/** How the Automation API calls the Pulumi CLI here: in a session of its own and in the stack's environment. */
import { PulumiCommand } from "@pulumi/pulumi/automation";
import * as automationErrors from "@pulumi/pulumi/automation/errors";
import * as path from "node:path";
import { nodeCache, searchPath, type Environment } from "../cli/environment";
import type { PulumiCli } from "../tools/pulumi";
import { run } from "../tools/process";

interface CommandOutcome {
  stdout: string;
  stderr: string;
  code: number;
}

/** Makes the SDK's own error classes from a result; public in JavaScript, left out of its types. */
const { createCommandError } = automationErrors as unknown as {
  createCommandError: (result: CommandOutcome & { toString: () => string }) => Error;
};

/**
 * Questions that the SDK asks after every update for a result that nobody here reads: 1.7 s of an unchanged
 * update's 8 (measured: outputs twice, and a history that takes longer with each update).
 */
const unread: Record<string, string> = { "stack output": "{}", "stack history": "[]" };

/**
 * A PulumiCommand that differs from the SDK's in three things. It answers what is unread itself. The
 * child has its own session, so that a terminal's Ctrl-C reaches it once, through the abort signal: a
 * second SIGINT makes Pulumi drop what it is doing. And variables can be removed, not only added.
 */
export function pulumiCommand({ file, version }: PulumiCli, environment: Environment) {
  const command = Object.create(PulumiCommand.prototype) as PulumiCommand;
  return Object.assign(command, {
    command: file,
    version,
    async run(
      args: string[],
      cwd: string,
      additional: Record<string, string>,
      onOutput?: (output: string) => void,
      onError?: (output: string) => void,
      signal?: AbortSignal,
    ): Promise<CommandOutcome> {
      const answer = unread[args.slice(0, 2).join(" ")];
      if (answer !== undefined) return { stdout: answer, stderr: "", code: 0 };
      const result = await run(file, [...args, "--non-interactive"], {
        cwd,
        env: {
          ...additional,
          ...nodeCache(),
          ...environment,
          PATH: `${path.dirname(file)}${path.delimiter}${searchPath()}`,
          PULUMI_AUTOMATION_API: "true",
          PULUMI_SKIP_UPDATE_CHECK: "true",
        },
        signal,
        ownSession: true,
      });
      onOutput?.(result.stdout);
      onError?.(result.stderr);
      // The SDK makes its error's message of this.
      const toString = (): string => `${result.stdout}\n${result.stderr}`.trim();
      if (result.code !== 0) throw createCommandError({ ...result, toString });
      return result;
    },
  });
}
