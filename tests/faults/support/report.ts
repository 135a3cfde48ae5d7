import { mkdirSync, writeFileSync } from "node:fs";
import * as path from "node:path";

/** What one fault did to the people who used the application meanwhile. */
export interface Row {
  fault: string;
  /** What shows that it happened. */
  proof: string;
  sent: number;
  failed: number;
  failures: Record<string, number>;
  /** How long it lasted. */
  seconds: number;
  /** Seconds after its end until every request was answered again; undefined: not within the limit. */
  recovered: number | undefined;
  /** Acknowledged rows that could not be read back. */
  lost: number;
  /** Milliseconds. */
  p99: number;
}

const folder = path.join(__dirname, "..", "..", "..", "artifacts", "faults");

/** Prints the figures as a Markdown table and keeps them, raw, as an artefact. */
export function writeReport(rows: readonly Row[]): void {
  if (rows.length === 0) return;
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, "faults.json"), `${JSON.stringify(rows, null, 2)}\n`);
  console.log(
    "\n| fault | sent | failed | lasted (s) | well again after (s) | lost rows | p99 (ms) | proof |\n" +
      "| --- | --- | --- | --- | --- | --- | --- | --- |",
  );
  for (const row of rows) {
    const recovered = row.recovered === undefined ? "not in time" : row.recovered.toFixed(1);
    console.log(
      `| ${row.fault} | ${row.sent} | ${row.failed} | ${row.seconds.toFixed(1)} | ${recovered} | ` +
        `${row.lost} | ${row.p99.toFixed(0)} | ${row.proof} |`,
    );
    if (row.failed > 0) console.log(`|  | | ${JSON.stringify(row.failures)} | | | | | |`);
  }
}
