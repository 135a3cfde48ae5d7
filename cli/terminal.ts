/** What people read: lines, tables, a question. Colour and live lines only where there is a terminal. */
import * as readline from "node:readline/promises";
import { UserError } from "../tools/errors";

/** Whether stdout is a terminal that can show live progress. */
export const interactive = process.stdout.isTTY && process.env["CI"] === undefined;

const coloured = interactive && process.env["NO_COLOR"] === undefined;
const codes = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, cyan: 36 } as const;

/** Text in a colour, or plain where colours are not wanted. */
export function paint(style: keyof typeof codes, text: string): string {
  return coloured ? `\u001b[${codes[style]}m${text}\u001b[0m` : text;
}

/** One line on stdout. */
export function print(line = ""): void {
  process.stdout.write(`${line}\n`);
}

/** One line on stderr: notes of a command whose stdout is for another program. */
export function note(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** Columns as wide as their widest cell, two spaces apart; the last column is not padded. */
export function table(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, column) => {
      widths[column] = Math.max(widths[column] ?? 0, cell.length);
    });
  }
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}

/** Asks yes or no on a terminal (Enter means yes); without one, goes on and answers yes. */
export async function confirm(question: string, signal?: AbortSignal): Promise<boolean> {
  if (!process.stdin.isTTY || !interactive) return true;
  const dialogue = readline.createInterface({ input: process.stdin, output: process.stdout });
  try {
    const answer = await dialogue.question(`${question} [Y/n] `, signal ? { signal } : {});
    return !/^n/i.test(answer.trim());
  } finally {
    dialogue.close();
  }
}

/**
 * Before something is destroyed: goes on only when somebody says yes (Enter means no).
 * @param agreed whether the command line said so already (`--yes`)
 * @throws UserError where nobody can be asked: a script must say `--yes` itself
 */
export async function confirmLoss(
  question: string,
  agreed: boolean,
  signal: AbortSignal,
): Promise<boolean> {
  if (agreed) return true;
  if (!process.stdin.isTTY || !interactive) {
    throw new UserError(`${question}\nThere is no terminal to ask on, so nothing was changed.`, [
      "the same command with --yes",
    ]);
  }
  const dialogue = readline.createInterface({ input: process.stdin, output: process.stdout });
  try {
    const answer = await dialogue.question(`${question} [y/N] `, { signal });
    if (/^y(es)?$/i.test(answer.trim())) return true;
    print("Nothing was changed.");
    return false;
  } finally {
    dialogue.close();
  }
}

/** 1536 → "1.5 GB"; input in MiB. */
export function megabytes(mb: number): string {
  return mb >= 1024 ? `${(mb / 1024).toFixed(1)} GB` : `${Math.round(mb)} MB`;
}
