import * as fs from "node:fs";
import * as path from "node:path";

export interface Listed {
  /** Relative to the folder, with `/`. */
  path: string;
  kind: "file" | "folder" | "link";
}

/** All that is in a folder, folders before what is in them. Node's own recursive listing goes through links to folders. */
export function listAll(folder: string): Listed[] {
  const found: Listed[] = [];
  const visit = (prefix: string): void => {
    for (const item of fs.readdirSync(path.join(folder, prefix), { withFileTypes: true })) {
      const relative = `${prefix}${item.name}`;
      if (item.isDirectory()) {
        found.push({ path: relative, kind: "folder" });
        visit(`${relative}/`);
      } else found.push({ path: relative, kind: item.isSymbolicLink() ? "link" : "file" });
    }
  };
  visit("");
  return found;
}
