/** Finds in a Python application what its pods' supervisor (pod/python.py) has to know: the command and its folder. */
import type { ContextEntry } from "../../images/context";
import type { HotFolder } from "./content";

/** What decides which libraries there are. */
const INSTALLED =
  /^(requirements[^/]*\.txt|pyproject\.toml|setup\.(py|cfg)|Pipfile(\.lock)?|poetry\.lock|uv\.lock)$/;

/** The module that a command serves with uvicorn, or that serves itself with it; undefined for any other command. */
export function servedModule(command: readonly string[]): string | undefined {
  const [program = "", ...rest] = command;
  const name = program.slice(program.lastIndexOf("/") + 1);
  const isPython = /^python(3(\.\d+)?)?$/.test(name);
  if (isPython && rest[0] !== "-m") return undefined;
  const [module, ...words] = isPython ? rest.slice(1) : name === "uvicorn" ? [name, ...rest] : [];
  if (module !== "uvicorn") return module;
  return words.find((word) => /^[\w.]+:\w+$/.test(word))?.split(":")[0];
}

/** Where the module is imported from: the folder nearest to the context's own that has it; undefined where none has. */
export function pythonFolder(
  module: string,
  entries: readonly Pick<ContextEntry, "path">[],
): HotFolder | undefined {
  const base = module.replaceAll(".", "/");
  const ends = [`${base}.py`, `${base}/__main__.py`, `${base}/__init__.py`];
  const [folder] = entries
    .flatMap(({ path }) =>
      ends
        .filter((end) => path === end || path.endsWith(`/${end}`))
        .map((end) => path.slice(0, Math.max(0, path.length - end.length - 1))),
    )
    .sort((a, b) => a.length - b.length);
  if (folder === undefined) return undefined;
  return { folder, needsBuild: (file) => INSTALLED.test(file) };
}

/** The command that a Dockerfile's last stage gives its image; undefined where it says none in the form of a list. */
export function dockerfileCommand(dockerfile: string): string[] | undefined {
  const lines = dockerfile.replace(/\\\r?\n/g, " ").split(/\r?\n/);
  const last = (word: string): string[] | undefined => {
    const found = lines.map(
      (line) => new RegExp(`^\\s*${word}\\s+(\\[.*\\])\\s*$`, "i").exec(line)?.[1],
    );
    const text = found.findLast((value) => value !== undefined);
    try {
      return text === undefined ? undefined : (JSON.parse(text) as string[]);
    } catch {
      return undefined; // the form for a shell, which only looks like a list
    }
  };
  const command = last("CMD");
  return command === undefined ? undefined : [...(last("ENTRYPOINT") ?? []), ...command];
}
