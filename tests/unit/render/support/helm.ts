import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";

import { run } from "../../../../tools/process";
import { root } from "../../fixtures/stack";
import { parseObjects, type Parsed } from "./objects";

export const chart = path.join(root, "helm", "todo-app");

/**
 * The chart's objects for some values, in a release of another namespace, so that the Namespace is among them; without
 * those of `helm test`.
 * @throws Error with what Helm said
 */
export async function helmTemplate(
  helm: string,
  values: object,
  folder = chart,
): Promise<Parsed[]> {
  const args = ["template", "todo-app", folder, "--namespace", "release", "--values", "-"];
  return withoutTests(parseObjects(await rendered(helm, args, values)));
}

/**
 * The same for many values by one process, of whose time nine tenths are Helm's own start: the chart is rendered once for
 * each, as that many charts of a chart that holds nothing else.
 * @throws Error with what Helm said
 */
export async function helmTemplates(helm: string, all: readonly object[]): Promise<Parsed[][]> {
  const folder = mkdtempSync(path.join(tmpdir(), "todo-charts-"));
  try {
    const names = all.map((_, index) => `case${index}`);
    mkdirSync(path.join(folder, "charts"));
    cpSync(chart, path.join(folder, "charts", "todo-app"), { recursive: true });
    const dependencies = names.map((alias) => ({ name: "todo-app", version: "*", alias }));
    const parent = { apiVersion: "v2", name: "cases", version: "0.1.0", dependencies };
    writeFileSync(path.join(folder, "Chart.yaml"), JSON.stringify(parent));
    const values = Object.fromEntries(names.map((name, index) => [name, all[index]]));
    const args = ["template", "todo-app", folder, "--namespace", "release", "--values", "-"];
    const documents = (await rendered(helm, args, values)).split(/^---\n(?=# Source: )/m);
    return names.map((name) => {
      const own = documents.filter((text) => text.startsWith(`# Source: cases/charts/${name}/`));
      return withoutTests(own.flatMap(parseOnce));
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function rendered(helm: string, args: string[], values: object): Promise<string> {
  const { code, stdout, stderr } = await run(helm, args, { input: JSON.stringify(values) });
  if (code !== 0) throw new Error(stderr);
  return stdout;
}

function withoutTests(objects: readonly Parsed[]): Parsed[] {
  return objects.filter(({ metadata }) => metadata.annotations?.["helm.sh/hook"] === undefined);
}

const parsed = new Map<string, Parsed[]>();

/** Many values make the same document. */
function parseOnce(text: string): Parsed[] {
  const content = text.replace(/^# Source: .*\n/, "");
  const known = parsed.get(content) ?? parseObjects(content);
  parsed.set(content, known);
  return structuredClone(known);
}
