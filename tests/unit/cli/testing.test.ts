import assert from "node:assert/strict";

import { readJunit } from "../../../dev/test-runner/backend-layer";
import { readVitest } from "../../../dev/test-runner/frontend-layer";
import type { Layer } from "../../../dev/test-runner/layer";
import { runLayers } from "../../../dev/test-runner/run-layers";
import { unlisted } from "../../../dev/test-runner/skips";

describe("what the layers of npm test report", () => {
  it("reads pytest's report: passed, failed, in error, skipped with its reason", () => {
    const result = readJunit(`<?xml version="1.0"?><testsuites><testsuite name="pytest">
      <testcase classname="tests.test_auth" name="test_login" time="0.1" />
      <testcase classname="tests.test_auth" name="test_a[x &gt; y]"><failure message="no">trace</failure></testcase>
      <testcase classname="tests.test_b" name="test_c"><error message="no">trace</error></testcase>
      <testcase classname="tests.test_b" name="test_d"><skipped type="pytest.skip" message="no &quot;x&quot;">at</skipped></testcase>
    </testsuite></testsuites>`);
    assert.deepEqual(result, {
      passed: 1,
      failed: ["tests.test_auth::test_a[x > y]", "tests.test_b::test_c"],
      skipped: [{ test: "tests.test_b::test_d", reason: 'no "x"' }],
    });
  });

  it("reads vitest's report, and counts a file that could not be loaded", () => {
    const result = readVitest({
      testResults: [
        {
          name: "/x/a.test.ts",
          status: "passed",
          assertionResults: [
            { fullName: "a works", status: "passed" },
            { fullName: "a later", status: "pending" },
          ],
        },
        { name: "/x/b.test.ts", status: "failed", assertionResults: [] },
      ],
    });
    assert.equal(result.passed, 1);
    assert.equal(result.failed.length, 1);
    assert.match(result.failed[0] ?? "", /b\.test\.ts could not be loaded/);
    assert.deepEqual(result.skipped, [{ test: "a later", reason: "" }]);
  });

  it("allows only the skips that are listed for what this machine lacks", () => {
    const allowed = { "no-pulumi": [{ test: "the engine", reason: "no engine" }] };
    const skipped = [
      { test: "the engine previews", reason: "" },
      { test: "something else", reason: "" },
    ];
    assert.deepEqual(unlisted(skipped, ["no-pulumi"], allowed), [skipped[1]]);
    assert.deepEqual(unlisted(skipped, [], allowed), skipped);
  });
});

describe("the order of the layers of npm test", () => {
  const nothing = { passed: 1, failed: [], skipped: [] };

  function layer(name: string, place: Layer["place"], act: () => Promise<unknown>): Layer {
    const run = async (): Promise<typeof nothing> => {
      await act();
      return nothing;
    };
    return { name, title: "for this test", place, run };
  }

  it("has the cluster's beside the others, and those that need the processors one after the other", async () => {
    const events: string[] = [];
    let finish = (): void => undefined;
    const othersAreDone = new Promise<void>((resolve) => (finish = resolve));
    const note = (event: string) => () => Promise.resolve(events.push(event));
    const layers = [
      layer("first", "processors", note("first")),
      layer("cluster", "cluster", () => {
        events.push("cluster begins");
        return othersAreDone; // for ever, if they came after it
      }),
      layer("second", "processors", async () => {
        await note("second")();
        finish();
      }),
    ];
    const giveWay = (): void => void events.push("the others give way");
    const results = await runLayers(layers, new AbortController().signal, giveWay);
    assert.deepEqual(events, ["cluster begins", "the others give way", "first", "second"]);
    assert.equal(results.length, 3);
  });

  it("counts a layer that cannot be started as failed, and goes on", async () => {
    const refuses = layer("refuses", "processors", () => Promise.reject(new Error("no Python")));
    const after = layer("after", "processors", () => Promise.resolve());
    const never = (): void => assert.fail("nothing runs beside it");
    const results = await runLayers([refuses, after], new AbortController().signal, never);
    assert.deepEqual(
      results.map(({ passed, failed }) => [passed, failed.length]),
      [
        [0, 1],
        [1, 0],
      ],
    );
  });
});
