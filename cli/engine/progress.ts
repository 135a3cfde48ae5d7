/** An update as it goes: engine events in, lines out; and what to show of a step that failed. */
import type { EngineEvent } from "@pulumi/pulumi/automation";
import { LiveLines } from "../live";
import { interactive, paint } from "../terminal";
import { operation, plain, seconds } from "../format";
import { resourceName } from "../../automation/urn";

/** Lines kept of each resource's output: what a failed build step is explained with. */
const KEPT = 40;

interface Running {
  doing: string;
  since: number;
  last: string;
}

export interface Failure {
  /** "Image backend"; empty for the program itself. */
  resource: string;
  /** The provider's or the program's message. */
  message: string;
  /** The last lines of the step's own output; empty when it had none. */
  output: string[];
}

export class Progress {
  readonly #running = new Map<string, Running>();
  readonly #output = new Map<string, string[]>();
  readonly #errors = new Map<string, string[]>();
  readonly #live = new LiveLines(() => this.#current());
  /** Number of changes by word: created, updated, deleted, … and `unchanged`. */
  readonly counts = new Map<string, number>();
  readonly warnings: string[] = [];

  /** Takes an event of the engine. */
  readonly handle = (event: EngineEvent): void => {
    if (event.resourcePreEvent) this.#begin(event.resourcePreEvent.metadata);
    if (event.resOutputsEvent) this.#end(event.resOutputsEvent.metadata);
    if (event.resOpFailedEvent) this.#fail(event.resOpFailedEvent.metadata.urn);
    if (event.diagnosticEvent) {
      const { urn = "", message, severity, ephemeral } = event.diagnosticEvent;
      // Debug messages are in the event log even when nobody asked for them.
      if ((severity as string) !== "debug") {
        this.#message(urn, plain(message), ephemeral ? "info" : severity);
      }
    }
  };

  /** Everything that went wrong, in the order in which it was reported. */
  failures(): Failure[] {
    const failures = [...this.#errors].map(([urn, messages]) => ({
      resource: urn === "" || /::pulumi:pulumi:Stack::/.test(urn) ? "" : resourceName(urn),
      message: [...new Set(messages)].join("\n"),
      // Of a build this is its log; of other resources it only says again what the message says.
      output: isBuild(urn) ? (this.#output.get(urn) ?? []) : [],
    }));
    // The engine adds "update failed" to the stack when a resource has failed.
    const told = failures.filter(({ message }) => message !== "update failed");
    return told.length > 0 ? told : failures;
  }

  stop(): void {
    this.#live.stop();
  }

  /** "3 created, 1 updated, 12 unchanged". */
  summary(): string {
    return [...this.counts].map(([word, count]) => `${count} ${word}`).join(", ");
  }

  #begin({ urn, op }: { urn: string; op: string }): void {
    const words = operation(op);
    if (words === undefined) return;
    this.#running.set(urn, { doing: words.doing, since: Date.now(), last: "" });
    // Without a terminal a long build would be silent until its end.
    if (!interactive && isSlow(urn)) this.#live.print(`  … ${resourceName(urn)} ${words.doing}`);
  }

  #end({ urn, op }: { urn: string; op: string }): void {
    const words = operation(op);
    const started = this.#running.get(urn);
    this.#running.delete(urn);
    if (isComponent(urn)) return;
    const word = words?.done ?? "unchanged";
    if (op !== "refresh") this.counts.set(word, (this.counts.get(word) ?? 0) + 1);
    if (words === undefined) return;
    const duration = started === undefined ? "" : ` (${seconds(Date.now() - started.since)})`;
    const sign = paint(words.sign === "-" ? "red" : "green", words.sign);
    this.#live.print(`  ${sign} ${resourceName(urn).padEnd(32)} ${words.done}${duration}`);
  }

  #fail(urn: string): void {
    this.#running.delete(urn);
    this.#live.print(`  ${paint("red", "✗")} ${resourceName(urn).padEnd(32)} failed`);
  }

  #message(urn: string, message: string, severity: string): void {
    const lines = message.split("\n").map((line) => line.trimEnd());
    const said = lines.filter((line) => line !== "");
    const last = said.at(-1);
    if (last === undefined) return;
    const running = this.#running.get(urn);
    if (running !== undefined) running.last = last;
    if (severity === "error") {
      this.#errors.set(urn, [...(this.#errors.get(urn) ?? []), message.trim()]);
    } else if (/^using pulumi-\S+ from \$PATH/.test(last)) {
      return; // the CLI's note about a provider that lies beside it
    } else if (/^Attempting to deploy .* pending operations?/.test(message.trim())) {
      return; // a page about what this update does again, or `settleInterrupted` has settled
    } else if (severity === "warning") {
      this.warnings.push(`${urn === "" ? "" : `${resourceName(urn)}: `}${message.trim()}`);
    } else {
      this.#keep(urn, said);
    }
  }

  /** BuildKit names a step again whenever its state changes, each time with its digest. */
  #keep(urn: string, lines: string[]): void {
    const kept = this.#output.get(urn) ?? [];
    for (const line of lines) {
      if (!/^digest: sha256:/.test(line) && line !== kept.at(-1)) kept.push(line);
    }
    this.#output.set(urn, kept.slice(-KEPT));
  }

  #current(): string[] {
    return [...this.#running]
      .filter(([urn]) => !isComponent(urn))
      .map(([urn, { doing, since, last }]) => {
        const time = seconds(Date.now() - since);
        return `${resourceName(urn)} ${doing} ${time}${last === "" ? "" : `  ${last}`}`;
      });
  }
}

function isComponent(urn: string): boolean {
  const type = urn.split("::")[2]?.split("$").at(-1) ?? "";
  return (
    type.startsWith("todo-app:") ||
    type === "pulumi:pulumi:Stack" ||
    type.startsWith("pulumi:providers:")
  );
}

function isBuild(urn: string): boolean {
  return /docker:index\/image:Image::/.test(urn);
}

function isSlow(urn: string): boolean {
  return !isComponent(urn) && /:Image::|:Load::|:Deployment::|:StatefulSet::/.test(urn);
}
