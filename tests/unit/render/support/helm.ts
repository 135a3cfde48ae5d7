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
  const { code, stdout, stderr } = await run(helm, args, { input: JSON.stringify(values) });
  if (code !== 0) throw new Error(stderr);
  return parseObjects(stdout).filter(
    ({ metadata }) => metadata.annotations?.["helm.sh/hook"] === undefined,
  );
}
