/**
 * Kubernetes quantities as numbers, so that they can be added and compared, and back. The grammar is that of
 * https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/.
 */

const binary = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];
/** Exponents of ten. */
const decimal: Readonly<Record<string, number>> = {
  n: -9,
  u: -6,
  m: -3,
  "": 0,
  k: 3,
  M: 6,
  G: 9,
  T: 12,
  P: 15,
  E: 18,
};

/** CPU that Kubernetes takes: whole millicores, as `100m`, `0.5` or `2`. */
export const cpuPattern = /^(\d+m|\d+(\.\d{1,3})?)$/;
/** Memory or storage in bytes with a unit: `256Mi`, `1Ti`, `1e9`, `1048576`. `m` is a thousandth of a byte, so none. */
export const memoryPattern = /^\d+(\.\d+)?(Ki|Mi|Gi|Ti|Pi|Ei|k|M|G|T|P|E|[eE]\d{1,2})?$/;

/** The number that a quantity stands for: cores or bytes; NaN where the text is none, so that no comparison holds. */
export function amount(quantity: string): number {
  const [, number, exponent, unit = ""] =
    /^(\d+\.?\d*|\.\d+)(?:[eE]([+-]?\d+)|([A-Za-z]*))$/.exec(quantity) ?? [];
  const power = binary.indexOf(unit);
  const ten = exponent === undefined ? decimal[unit] : Number(exponent);
  if (number === undefined || (power < 0 && ten === undefined)) {
    return NaN;
  }
  if (power > 0) return Number(number) * 1024 ** power;
  // As text: 0.3e-3 * 1000 would not be 0.3.
  return Number(`${number}e${ten}`);
}

/** CPU in millicores: `100m` is 100, `2` is 2000. */
export function millicores(quantity: string): number {
  return Math.round(amount(quantity) * 1000);
}

/** Memory in bytes: `256Mi`, `1G`, `1048576`. */
export function bytes(quantity: string): number {
  return amount(quantity);
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
