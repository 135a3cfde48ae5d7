/** Looks for syntax errors in what a development server would otherwise answer pages with. */
import * as path from "node:path";
import type { Loader } from "esbuild";
import type { Content } from "./content";

const LOADERS: Record<string, Loader> = {
  ...{ ".js": "jsx", ".jsx": "jsx", ".mjs": "js", ".cjs": "js" },
  ...{ ".ts": "ts", ".tsx": "tsx", ".mts": "ts", ".cts": "ts" },
  ...{ ".css": "css", ".json": "json" },
};

/** Names by which compilers read a JSON file that may hold comments. */
const WITH_COMMENTS = /^(ts|js)config[^/]*\.json$/;

/** What is wrong in the named files, for people; undefined where nothing is. */
export async function syntaxErrors(
  { files }: Content,
  names: readonly string[],
): Promise<string | undefined> {
  const { transform, formatMessages } = await import("esbuild"); // late: no other command needs it
  const found = await Promise.all(
    names.map(async (name) => {
      const loader = LOADERS[path.posix.extname(name)];
      const file = files.get(name);
      if (loader === undefined || file === undefined) return [];
      if (WITH_COMMENTS.test(path.posix.basename(name))) return [];
      try {
        await transform(file.bytes, {
          loader,
          sourcefile: name,
          jsx: "preserve",
          logLevel: "silent",
        });
        return [];
      } catch (error) {
        const { errors } = error as { errors?: Parameters<typeof formatMessages>[0] };
        if (errors === undefined) throw error;
        return formatMessages(errors, { kind: "error" });
      }
    }),
  );
  const text = found.flat().join("").trim();
  return text === "" ? undefined : text;
}
