/** Kubernetes quantities as numbers, so that they can be added and compared. */

const binary = ["Ki", "Mi", "Gi", "Ti"];
const decimal = ["k", "M", "G", "T"];

/** CPU in millicores: `100m` is 100, `2` is 2000. */
export function millicores(quantity: string): number {
  return quantity.endsWith("m") ? Number(quantity.slice(0, -1)) : Number(quantity) * 1000;
}

/** Memory in bytes: `256Mi`, `1G`, `1048576`. */
export function bytes(quantity: string): number {
  const [, number = "0", unit = ""] = /^([\d.]+)([A-Za-z]*)$/.exec(quantity) ?? [];
  if (binary.includes(unit)) return Number(number) * 1024 ** (binary.indexOf(unit) + 1);
  if (decimal.includes(unit)) return Number(number) * 1000 ** (decimal.indexOf(unit) + 1);
  return Number(number);
}
