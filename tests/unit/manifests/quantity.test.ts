import assert from "node:assert/strict";

import { amount, bytes, cpuPattern, memoryPattern, millicores } from "../../../manifests/quantity";

/** Quantities as Kubernetes documents them, with what they stand for. */
const quantities: [string, number][] = [
  ["0.5", 0.5],
  ["2", 2],
  ["100m", 0.1],
  ["1k", 1000],
  ["256Mi", 268435456],
  ["1Gi", 1073741824],
  ["1Ti", 1099511627776],
  ["1Pi", 2 ** 50],
  ["1e9", 1e9],
  ["5E3", 5000],
  ["3E", 3e18],
  ["1.5Gi", 1610612736],
];

describe("a Kubernetes quantity", () => {
  for (const [text, value] of quantities) {
    it(`${text} is ${value}`, () => {
      assert.equal(amount(text), value);
    });
  }

  it("is no number with a unit of one's own", () => {
    for (const text of ["half", "1GB", "12 Mi", "", "1e", "Mi"]) {
      assert.ok(Number.isNaN(amount(text)), text);
    }
  });

  it("of CPU has no bytes in it, and of memory no thousandths", () => {
    for (const text of ["100m", "1", "0.25", "2"]) assert.match(text, cpuPattern);
    for (const text of ["100Mi", "1G", "0.0001", "1e3"]) assert.doesNotMatch(text, cpuPattern);
    for (const text of ["512Mi", "1Ti", "1e9", "1.5Gi", "1048576"])
      assert.match(text, memoryPattern);
    for (const text of ["512m", "1u", "512mi", "512MB"]) assert.doesNotMatch(text, memoryPattern);
    assert.equal(millicores("0.3"), 300);
    assert.equal(bytes("1Ti"), 2 ** 40);
  });
});
