/** The built style sheets, to be written into pages: a page that has to ask for them shows nothing for another round trip. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

const read = new Map<string, string | undefined>();

/**
 * The text of a style sheet of the build, `static/chunks/name.css`, fit to stand in any page.
 * Undefined where the files are not beside the server.
 */
export function styleSheet(file: string): string | undefined {
  if (!read.has(file)) {
    const path = join(/* turbopackIgnore: true */ process.cwd(), ".next", file);
    // What it asks for is named from where it lies itself.
    const base = new URL(`/_next/${file}`, "http://page");
    const text = existsSync(path)
      ? readFileSync(path, "utf8").replace(/url\((\.\.?\/[^)]+)\)/g, (_, relative: string) => {
          const { pathname, search } = new URL(relative, base);
          return `url(${pathname}${search})`;
        })
      : undefined;
    read.set(file, text);
  }
  return read.get(file);
}
