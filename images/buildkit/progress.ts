import { fields } from "./protobuf";

/** Lines of a failed step that are shown: the cause is nearly always among them. */
const SHOWN_LINES = 40;

interface Step {
  number: number;
  name: string;
  lines: string[];
  /** The line that has not ended yet. */
  open: string;
  reported: { start: boolean; end: boolean };
  error?: string;
}

/** Turns BuildKit's progress (`moby.buildkit.trace`) into lines, and keeps what a failed step said. */
export class BuildProgress {
  private readonly steps = new Map<string, Step>();

  constructor(private readonly log: (line: string) => void) {}

  /** @param aux the message's payload: a StatusResponse in base64 */
  trace(aux: string): void {
    for (const { number, bytes } of fields(Buffer.from(aux, "base64"))) {
      if (bytes === undefined) continue;
      if (number === 1) this.vertex(bytes);
      if (number === 3) this.output(bytes);
    }
  }

  /** What to tell when the build failed, with the failed step's last lines. */
  failure(message: string): string {
    const failed = [...this.steps.values()].find((step) => step.error !== undefined);
    if (!failed) return message;
    const lines = [...failed.lines, ...(failed.open === "" ? [] : [failed.open])];
    const shown = lines.slice(-SHOWN_LINES).map((line) => `  ${line}`);
    return [`step "${failed.name}" failed: ${failed.error ?? message}`, ...shown].join("\n");
  }

  /** Vertex { digest = 1, name = 3, cached = 4, started = 5, completed = 6, error = 7 } */
  private vertex(message: Buffer): void {
    const found = new Map(fields(message).map((field) => [field.number, field]));
    const text = (number: number): string => found.get(number)?.bytes?.toString() ?? "";
    const step = this.step(text(1));
    step.name = text(3) || step.name;
    if (text(7) !== "") step.error = text(7);
    if (found.has(5) && !step.reported.start) {
      step.reported.start = true;
      this.log(`#${step.number} ${step.name}`);
    }
    if (found.has(6) && !step.reported.end) {
      step.reported.end = true;
      const cached = found.get(4)?.value === 1;
      this.log(`#${step.number} ${step.error ?? (cached ? "CACHED" : "DONE")}`);
    }
  }

  /** VertexLog { vertex = 1, msg = 4 } */
  private output(message: Buffer): void {
    const found = fields(message);
    const bytes = (number: number): Buffer | undefined =>
      found.find((field) => field.number === number)?.bytes;
    const step = this.step(bytes(1)?.toString() ?? "");
    const [...lines] = (step.open + (bytes(4)?.toString() ?? "")).split(/\r?\n/);
    step.open = lines.pop() ?? "";
    for (const line of lines) {
      step.lines.push(line);
      if (step.lines.length > 2 * SHOWN_LINES) step.lines.shift();
      this.log(`#${step.number} ${line}`);
    }
  }

  private step(digest: string): Step {
    const known = this.steps.get(digest);
    if (known) return known;
    const step: Step = {
      number: this.steps.size + 1,
      name: "",
      lines: [],
      open: "",
      reported: { start: false, end: false },
    };
    this.steps.set(digest, step);
    return step;
  }
}
