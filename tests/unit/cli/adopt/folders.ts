/** Folders of somebody's, and what `adopt` makes of them. */
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { parse } from "yaml";

import { configure } from "../../../../cli/adopt/configure";
import type { Plan } from "../../../../cli/adopt/plan";
import type { Role } from "../../../../cli/adopt/roles";
import { survey } from "../../../../cli/adopt/survey";
import { stackText, type Written } from "../../../../cli/adopt/write";
import { root } from "../../../../tools/paths";

const made: string[] = [];

/** Folders of somebody's, written to a new place. */
export function folderOf(files: Record<string, string>): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "todo-adopt-"));
  made.push(folder);
  for (const [name, text] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    fs.writeFileSync(path.join(folder, name), text);
  }
  return folder;
}

export function planFor(
  folder: string,
  given: Record<string, string> = {},
  named: ReadonlyMap<Role, string> = new Map(),
): Plan {
  return configure(survey([folder]), { root, given: new Map(Object.entries(given)), named });
}

export function removeFolders(): void {
  for (const folder of made.splice(0)) fs.rmSync(folder, { recursive: true, force: true });
}

/** The stack's file for a folder, read again: its values, and its text. */
export function written(
  folder: string,
  given: Record<string, string> = {},
  before?: string,
): Written & { value: (key: string) => unknown } {
  const result = stackText(planFor(folder, given), {
    template: fs.readFileSync(path.join(root, "Pulumi.dev.yaml"), "utf8"),
    header: "# made",
    ...(before === undefined ? {} : { before }),
    given: new Map(Object.entries(given)),
    project: fs.readFileSync(path.join(root, "Pulumi.yaml"), "utf8"),
  });
  const { config } = parse(result.text) as { config: Record<string, unknown> };
  const value = (key: string): unknown => config[`todo-app:${key}`];
  return { ...result, value };
}
