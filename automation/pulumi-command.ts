/** How the Automation API calls the Pulumi CLI here: in a session of its own and in the stack's environment. */
import { PulumiCommand } from "@pulumi/pulumi/automation";
import * as automationErrors from "@pulumi/pulumi/automation/errors";
import { parse } from "semver";
import { cliEnvironment, type Environment } from "./environment";
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
 * Questions that the SDK asks after every update for a result that nobody reads, since the events have told it: 1.7 s
 * of an unchanged update's 8 (measured: outputs twice, and a history that takes longer with each update).
 */
const unread: Record<string, string> = { "stack output": "{}", "stack history": "[]" };

/** Whether `up` or `destroy` is under way in a command, which then answers what is unread itself. */
const underWay = new WeakSet<PulumiCommand>();

/** Runs an operation without the questions behind it. */
export async function withoutQuestions<T>(
  command: PulumiCommand,
  operation: () => Promise<T>,
): Promise<T> {
  underWay.add(command);
  try {
    return await operation();
  } finally {
    underWay.delete(command);
  }
}

/**
 * A PulumiCommand that differs from the SDK's in two things, and `withoutQuestions` in a third. The child has its own session, so that a terminal's Ctrl-C reaches it once, through the abort signal: a
 * second SIGINT makes Pulumi drop what it is doing. And variables can be removed, not only added.
 */
export function pulumiCommand(cli: PulumiCli, environment: Environment): PulumiCommand {
  const command = Object.create(PulumiCommand.prototype) as PulumiCommand;
  return Object.assign(command, {
    command: cli.file,
    version: parse(cli.version),
    async run(
      args: string[],
      cwd: string,
      additional: Record<string, string>,
      onOutput?: (output: string) => void,
      onError?: (output: string) => void,
      signal?: AbortSignal,
    ): Promise<CommandOutcome> {
      const answer = underWay.has(command) ? unread[args.slice(0, 2).join(" ")] : undefined;
      if (answer !== undefined) return { stdout: answer, stderr: "", code: 0 };
      const result = await run(cli.file, [...args, "--non-interactive"], {
        cwd,
        env: {
          ...additional,
          ...environment,
          ...cliEnvironment(cli),
          PULUMI_AUTOMATION_API: "true",
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
