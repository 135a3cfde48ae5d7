"use strict";
/**
 * Stack traces that name the lines of the TypeScript. Pulumi's SDK formats one for each resource and each promise, also
 * when all is well, so it must cost little: only the program's own files are mapped, and each map is read once.
 */
const { SourceMap } = require("node:module");

const MARK = "//# sourceMappingURL=data:application/json;base64,";

/** File → its compiled code, until a map is needed; then the map. */
const known = new Map();

/** @param code what runs as `file`, with its source map at the end */
exports.remember = (file, code) => known.set(file, code);

exports.mapStackTraces = () => {
  Error.prepareStackTrace = (error, sites) =>
    [String(error), ...sites.map((site) => `    at ${describe(site)}`)].join("\n");
};

function describe(site) {
  const file = site.getFileName();
  const map = mapOf(file);
  if (map === undefined) return String(site);
  const [line, column] = [site.getLineNumber(), site.getColumnNumber()];
  const { originalLine, originalColumn } = map.findEntry(line - 1, column - 1);
  if (originalLine === undefined) return String(site);
  const original = `${file}:${originalLine + 1}:${originalColumn + 1}`;
  return String(site).replace(`${file}:${line}:${column}`, original);
}

function mapOf(file) {
  const code = known.get(file);
  if (typeof code !== "string") return code;
  const json = Buffer.from(code.slice(code.lastIndexOf(MARK) + MARK.length), "base64");
  const map = new SourceMap(JSON.parse(json.toString()));
  known.set(file, map);
  return map;
}
