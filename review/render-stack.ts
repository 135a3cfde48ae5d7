/**
 * Prints stacks as their program renders them, one JSON document for each of them. Run in a tree of its own for
 * each side of a diff, with that tree's code:  `node --import tsx review/render-stack.ts NAME…`
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import * as path from "node:path";
import { parse } from "yaml";

import { ConfigError } from "../config/reader";
import { contentReference } from "../images/tag";
import { manifestArgs } from "../stack/args";
import { imageSources } from "../stack/images";
import type { PerApplication } from "../stack/per-application";
import { stackObjects } from "../render/objects";
import { isEncrypted, parseStackFile, readStackFile } from "../config/stack-file";
import { RENDERED_FORMAT, type Rendered, type RenderedObject, type Unrenderable } from "./rendered";

const root = path.join(__dirname, "..");

/** Every encrypted value of a stack's file, also those inside of maps, as a digest of its ciphertext. */
function encryptedValues(stack: string): Record<string, string> {
  const file = path.join(root, `Pulumi.${stack}.yaml`);
  const content = parse(readFileSync(file, "utf8")) as { config?: Record<string, unknown> } | null;
  const found: Record<string, string> = {};
  const visit = (value: unknown, key: string): void => {
    if (typeof value !== "object" || value === null) return;
    if (isEncrypted(value)) {
      found[key] = createHash("sha256").update(JSON.stringify(value)).digest("hex").slice(0, 16);
      return;
    }
    for (const [inner, item] of Object.entries(value)) visit(item, `${key}.${inner}`);
  };
  for (const [key, value] of Object.entries(content?.config ?? {})) {
    visit(value, key.replace(/^todo-app:/, ""));
  }
  return found;
}

function split(reference: string): [string, string] {
  const separator = reference.lastIndexOf(":");
  return [reference.slice(0, separator), reference.slice(separator + 1)];
}

function rendered(stack: string): Rendered | Unrenderable {
  try {
    const config = parseStackFile(readStackFile(stack, root));
    const sources = imageSources(config);
    const references: PerApplication<string> = {
      frontend: contentReference(sources.frontend, root),
      backend: contentReference(sources.backend, root),
      ...(sources.mcp && { mcp: contentReference(sources.mcp, root) }),
    };
    return {
      format: RENDERED_FORMAT,
      stack,
      objects: stackObjects(manifestArgs(config, references)) as unknown as RenderedObject[],
      images: Object.fromEntries(Object.values(references).map(split)),
      encrypted: encryptedValues(stack),
    };
  } catch (error) {
    // A mistake in the configuration is part of the answer; anything else is a defect and ends the program.
    if (!(error instanceof ConfigError)) throw error;
    return { format: RENDERED_FORMAT, stack, problem: error.message };
  }
}

process.stdout.write(JSON.stringify(process.argv.slice(2).map(rendered)));
