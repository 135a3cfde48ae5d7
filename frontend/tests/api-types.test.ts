/** The types of what the back end answers, made from its own document. */
import { readFileSync } from "node:fs";
import openapiTS, { astToString, COMMENT_HEADER } from "openapi-typescript";
import { expect, test } from "vitest";

test("the committed types are those of the back end's document (npm run types)", async () => {
  const made = await openapiTS(new URL("../../backend/openapi.json", import.meta.url));
  const committed = readFileSync(new URL("../features/api/schema.d.ts", import.meta.url), "utf8");
  expect(committed).toBe(COMMENT_HEADER + astToString(made));
});
