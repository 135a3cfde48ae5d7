/** Lines that are redrawn in place at the bottom of a terminal; without one, nothing is drawn. */
import { interactive, paint } from "./terminal";

const FRAMES = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];

export class LiveLines {
  #drawn = 0;
  #frame = 0;
  readonly #timer: NodeJS.Timeout | undefined;

  /** @param lines what is going on now, asked for ten times a second */
  constructor(private readonly lines: () => string[]) {
    if (!interactive) return;
    this.#timer = setInterval(() => {
      this.#draw();
    }, 100);
  }

  /** A line that stays, above the ones that are redrawn. */
  print(line: string): void {
    this.#clear();
    process.stdout.write(`${line}\n`);
    if (this.#timer !== undefined) this.#draw();
  }

  /** Removes the redrawn lines for good. */
  stop(): void {
    clearInterval(this.#timer);
    this.#clear();
  }

  #clear(): void {
    if (this.#drawn > 0) process.stdout.write(`\u001b[${this.#drawn}A\u001b[J`);
    this.#drawn = 0;
  }

  #draw(): void {
    this.#clear();
    this.#frame += 1;
    const width = process.stdout.columns - 4;
    const lines = this.lines().map(
      (line) =>
        `${paint("cyan", FRAMES[this.#frame % FRAMES.length] ?? "")} ${line.slice(0, width)}\n`,
    );
    process.stdout.write(lines.join(""));
    this.#drawn = lines.length;
  }
}
