"use strict";
/**
 * Lets Node load the project's TypeScript: in both of Pulumi's Node processes, the program's own (`nodeargs` in
 * Pulumi.yaml) and the one that serves `Load` (images/load/resource.ts), in the commands (cli/bootstrap.mjs) and in the
 * tests (.mocharc.json). Plain JavaScript, as nothing compiles it.
 *
 * Pulumi's own way, ts-node, loads the TypeScript compiler and a library for source maps at every run: 1.5 of the
 * program's 2.9 seconds of CPU (measured). Here a file is compiled when its content is new and kept after that; types are
 * checked by `npm run check`. What V8 makes of the files, the SDK's too, is kept as well.
 */
const { createHash } = require("node:crypto");
const fs = require("node:fs");
const Module = require("node:module");
const path = require("node:path");
const { mapStackTraces, remember } = require("./stack-traces.cjs");
require("./without-npm.cjs");

/** Where tools keep what can be made again: git ignores it and `npm ci` clears it. */
const cache = path.join(module.path, "..", "node_modules", ".cache", "todo-app");

const OPTIONS = {
  loader: "ts",
  format: "cjs",
  target: "node22",
  sourcemap: "inline",
  sourcesContent: false,
  supported: { "dynamic-import": false }, // `import()` too comes here, not to Node's own loader
};

/** Another compiler, or other options, may give other code. */
const compiler = `${require("esbuild/package.json").version} ${JSON.stringify(OPTIONS)}`;

/** @throws SyntaxError that names the place */
function compile(source, file) {
  const { transformSync } = require("esbuild"); // not loaded unless something is new
  try {
    return transformSync(source, { ...OPTIONS, logLevel: "silent" }).code;
  } catch (error) {
    const [first] = error.errors ?? [];
    if (!first?.location) throw error;
    const { line, column } = first.location;
    throw new SyntaxError(`${file}:${line}:${column + 1}: ${first.text}`, { cause: error });
  }
}

function compiled(source, file) {
  const key = createHash("sha256").update(compiler).update("\0").update(source).digest("hex");
  const kept = path.join(cache, "compiled", `${key}.js`);
  try {
    return fs.readFileSync(kept, "utf8");
  } catch {
    const code = compile(source, file);
    keep(kept, code);
    return code;
  }
}

/** Whole or not at all, whoever writes the same file at the same time. */
function keep(file, content) {
  const part = `${file}.${process.pid}.part`;
  try {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(part, content);
    fs.renameSync(part, file);
  } catch {
    // Nothing may be written there: it is compiled again the next time.
  }
}

Module.enableCompileCache?.(path.join(cache, "v8"));

let isFirst = true;
require.extensions[".ts"] = (loaded, file) => {
  // Not sooner: Pulumi's entry installs its library for source maps before it loads the program.
  if (isFirst) mapStackTraces();
  isFirst = false;
  const code = compiled(fs.readFileSync(file, "utf8"), file);
  remember(file, code);
  loaded._compile(code, file);
};
