/** Versions as programs print them. */

/** The first thing in an output that looks like a version, without the v. */
export function versionIn(output: string): string {
  return /v?(\d+\.\d+\.\d+[^\s"',]*)/.exec(output)?.[1] ?? "";
}

/** Compares dotted versions; "v24.1.0" and "1.2" are fine. Negative when `a` is the older. */
export function compareVersions(a: string, b: string): number {
  const parts = (version: string): number[] =>
    (version.match(/\d+/g) ?? []).slice(0, 3).map(Number);
  const [left, right] = [parts(a), parts(b)];
  for (let i = 0; i < 3; i += 1) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
