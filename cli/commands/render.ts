/** `npm run render`: the stack's objects as files. */
import * as fs from "node:fs";
import * as path from "node:path";
import { contentReference } from "../../images/tag";
import { imageSources } from "../../stack/images";
import { manifestFiles } from "../../render/manifests";
import { parseStackFile, readStackFile } from "../../config/stack-file";
import { writeRendered } from "../../render/tree";
import { text, type Command } from "../command";
import { UserError, messageOf } from "../../tools/errors";
import { root } from "../../tools/paths";
import { print } from "../terminal";

const usage = `Usage: npm run render
       npm run render -- --stack NAME --out DIR

Without flags: writes k8s/ and helm/todo-app/ anew, as they are checked in.

  --stack NAME  the objects of this stack (Pulumi.NAME.yaml), its images with content tags
  --out DIR     where to write them; the folder must be empty or not exist`;

export const command: Command = {
  usage,
  flags: { stack: { type: "string" }, out: { type: "string" } },
  run(invocation) {
    const stack = text(invocation, "stack");
    const out = text(invocation, "out");
    if (stack === undefined && out === undefined) renderCheckedIn();
    else if (stack !== undefined && out !== undefined) renderStack(stack, path.resolve(out));
    else throw new UserError("--stack and --out belong together.", ["npm run render -- --help"]);
    return Promise.resolve(0);
  },
};

function renderCheckedIn(): void {
  const { changed, removed, kept } = writeRendered(root);
  for (const file of changed) print(`written  ${file}`);
  for (const file of removed) print(`removed  ${file}`);
  for (const file of kept) print(`kept     ${file}: it is filled in`);
  if (changed.length + removed.length === 0) print("k8s/ and helm/todo-app/ are up to date.");
}

function renderStack(stack: string, out: string): void {
  if (fs.existsSync(out) && fs.readdirSync(out).length > 0) {
    throw new UserError(`${out} holds files, which could be mixed up with those of the stack.`, [
      `rm -r ${out}   (or name another folder with --out)`,
    ]);
  }
  const config = parseStackFile(read(stack));
  const sources = imageSources(config);
  const references = {
    frontend: contentReference(sources.frontend, root),
    backend: contentReference(sources.backend, root),
  };
  for (const [file, content] of manifestFiles(config, references)) {
    fs.mkdirSync(path.dirname(path.join(out, file)), { recursive: true });
    fs.writeFileSync(path.join(out, file), content);
  }
  print(`Stack ${stack} in ${out}, with the images`);
  print(`  ${references.frontend}\n  ${references.backend}`);
  print(`Fill in ${path.join(out, "secrets.yaml")}, then: kubectl apply -k ${out}`);
}

function read(stack: string) {
  try {
    return readStackFile(stack, root);
  } catch (error) {
    throw new UserError(messageOf(error), ["npm run render -- --help"]);
  }
}
