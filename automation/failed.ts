/** An operation that the engine did not finish, in a form for programs: the reason, and what to do. */
import type { EngineEvent } from "@pulumi/pulumi/automation";
import { failureOf } from "../review/failure";
import type { Preview } from "../review/preview";

export class OperationFailed extends Error {
  constructor(
    /** The engine's or a provider's words about what failed. */
    message: string,
    /** Commands or steps that set it right; empty when the cause is not a known one. */
    readonly next: readonly string[],
    /** Everything that the CLI printed. */
    readonly output: string,
  ) {
    super(message);
    this.name = "OperationFailed";
  }
}

/** Keeps what the engine says while an operation runs, to explain its failure afterwards. */
export class Diagnostics {
  readonly #said: NonNullable<Preview["diagnostics"]> = [];

  readonly take = ({ diagnosticEvent }: EngineEvent): void => {
    if (diagnosticEvent === undefined) return;
    const { urn, message, severity } = diagnosticEvent;
    if ((severity as string) === "error") {
      this.#said.push({ message, severity, ...(urn === undefined ? {} : { urn }) });
    }
  };

  /** @param error what the Automation API threw; its message is the CLI's whole output */
  failed(error: unknown): OperationFailed {
    const output = error instanceof Error ? error.message : String(error);
    const { reason, next } = failureOf({ diagnostics: this.#said }, output);
    return new OperationFailed(reason, next, output);
  }
}
