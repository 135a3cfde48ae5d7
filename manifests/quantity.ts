/** Kubernetes quantities as numbers, so that they can be added and compared, and back. */

const binary = ["", "Ki", "Mi", "Gi", "Ti"];
const decimal = ["k", "M", "G", "T"];

/** CPU in millicores: `100m` is 100, `2` is 2000. */
export function millicores(quantity: string): number {
  return quantity.endsWith("m") ? Number(quantity.slice(0, -1)) : Number(quantity) * 1000;
}

/** Memory in bytes: `256Mi`, `1G`, `1048576`. */
export function bytes(quantity: string): number {
  const [, number = "0", unit = ""] = /^([\d.]+)([A-Za-z]*)$/.exec(quantity) ?? [];
  if (binary.includes(unit)) return Number(number) * 1024 ** binary.indexOf(unit);
  return Number(number) * 1000 ** (decimal.indexOf(unit) + 1);
}

/** Millicores in the form that the API server keeps: 1500 is `1500m`, 2000 is `2`. */
export function cpuQuantity(amount: number): string {
  return amount % 1000 === 0 ? String(amount / 1000) : `${amount}m`;
}

/** Bytes in the form that the API server keeps: the largest binary unit without a fraction. */
export function memoryQuantity(amount: number): string {
  const unit = binary.findLastIndex((_, power) => amount % 1024 ** power === 0);
  return `${amount / 1024 ** unit}${binary[unit] ?? ""}`;
}
