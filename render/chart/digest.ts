import { createHash } from "node:crypto";

import {
  type DatabaseForms,
  secretData,
  type SecretReader,
  type SecretValues,
} from "../../manifests/secret-data";

/**
 * The digest of secrets by which the chart's pods of a workload roll, as `todo-app.secretsChecksum` takes it.
 * @param mcpOwn whether the MCP server has secret variables of its own, in place of the back end's
 */
export function chartDigest(
  reader: SecretReader,
  values: SecretValues,
  forms: DatabaseForms,
  mcpOwn: boolean,
): string {
  return createHash("sha256")
    .update(rawJson(read(reader, values, forms, mcpOwn)))
    .digest("hex")
    .slice(0, 16);
}

function read(
  reader: SecretReader,
  values: SecretValues,
  forms: DatabaseForms,
  mcpOwn: boolean,
): unknown[] {
  if (reader === "database") return [values.databasePassword];
  const key = forms.readers[reader];
  const own = { frontend: values.frontendEnv, backend: values.backendEnv, mcp: values.mcpEnv };
  const variables = own[reader === "mcp" && !mcpOwn ? "backend" : reader];
  return [
    values.jwtSecret,
    ...(key === undefined ? [] : [secretData(values, forms).application[key]]),
    ...(reader === "backend" ? [values.openaiApiKey] : []),
    sorted(variables),
  ];
}

function sorted(variables: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(variables).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** As Helm's toRawJson writes it: Go escapes the two line separators that JavaScript leaves. */
function rawJson(value: unknown): string {
  return JSON.stringify(value).replaceAll("\u2028", "\\u2028").replaceAll("\u2029", "\\u2029");
}
