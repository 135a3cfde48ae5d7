import assert from "node:assert/strict";
import { aboutStack, stackOf } from "../../../cli/stack-option";

describe("commands that are proposed", () => {
  const cases: [string, string][] = [
    ["npm start   (continues)", "npm start -- --stack staging   (continues)"],
    ["npm start -- --yes", "npm start -- --stack staging --yes"],
    ["npm run down -- --cluster", "npm run down -- --stack staging --cluster"],
    [
      "npm run down && npm start -- --engine kubectl",
      "npm run down -- --stack staging && npm start -- --stack staging --engine kubectl",
    ],
    ["npm run pulumi -- up", "npm run pulumi -- up --stack staging"],
    [
      "npm run pulumi -- config set nodePort 30301, then: npm start",
      "npm run pulumi -- config --stack staging set nodePort 30301, then: npm start -- --stack staging",
    ],
    ["npm run restore -- --stack other --file a", "npm run restore -- --stack other --file a"],
    ["npm run doctor", "npm run doctor"],
    ["npm run new-stack staging", "npm run new-stack staging"],
  ];

  for (const [written, printed] of cases)
    it(`are about the stack that was meant: ${written}`, () => {
      assert.equal(aboutStack(written, "staging"), printed);
      assert.equal(aboutStack(written, "local"), written);
    });

  it("name even a stack that cannot be, so that the refusal of its name is read", () => {
    for (const name of ["(", "$1", "a b"])
      assert.equal(aboutStack("npm start -- --yes", name), `npm start -- --stack ${name} --yes`);
  });

  it("know the stack from the command's arguments", () => {
    assert.equal(stackOf(["down", "--stack", "staging"]), "staging");
    assert.equal(stackOf(["down", "--stack=staging", "--yes"]), "staging");
    assert.equal(stackOf(["down"]), "local");
    assert.equal(stackOf(["down", "--stack"]), "local");
  });
});
