import assert from "node:assert/strict";
import type { EngineEvent } from "@pulumi/pulumi/automation";

import { Progress } from "../../../cli/engine/progress";
import { plain, seconds } from "../../../cli/format";
import { resourceName } from "../../../automation/urn";

const urn =
  "urn:pulumi:local::todo-app::todo-app:image:Image$docker:index/image:Image::backend-image";

/** Events as the engine sends them, with what these tests do not look at left out. */
function event(value: unknown): EngineEvent {
  return value as EngineEvent;
}

function output(act: (progress: Progress) => void): string {
  const write = process.stdout.write.bind(process.stdout);
  let text = "";
  process.stdout.write = (chunk: string | Uint8Array): boolean => {
    text += String(chunk);
    return true;
  };
  try {
    const progress = new Progress();
    act(progress);
    progress.stop();
  } finally {
    process.stdout.write = write;
  }
  return text;
}

describe("an update's progress", () => {
  it("names resources as people do", () => {
    assert.equal(resourceName(urn), "Image backend-image");
    assert.equal(
      resourceName("urn:pulumi:local::todo-app::a:b:C$kubernetes:core/v1:Service::x::y"),
      "Service x::y",
    );
  });

  it("shows a change once it is made, and counts what did not change", () => {
    let summary = "";
    const text = output((progress) => {
      progress.handle(event({ resourcePreEvent: { metadata: { urn, op: "update" } } }));
      progress.handle(event({ resOutputsEvent: { metadata: { urn, op: "update" } } }));
      const other = urn.replace("backend", "frontend");
      progress.handle(event({ resOutputsEvent: { metadata: { urn: other, op: "same" } } }));
      summary = progress.summary();
    });
    assert.match(text, /~ Image backend-image +updated/);
    assert.doesNotMatch(text, /frontend-image/);
    assert.equal(summary, "1 updated, 1 unchanged");
  });

  it("keeps the last 40 lines of a step that fails, ephemeral ones too", () => {
    let failures: ReturnType<Progress["failures"]> = [];
    const text = output((progress) => {
      progress.handle(event({ resourcePreEvent: { metadata: { urn, op: "create" } } }));
      for (let line = 1; line <= 50; line += 1) {
        const diagnosticEvent = {
          urn,
          message: `step ${line}\n`,
          severity: "info",
          ephemeral: true,
        };
        progress.handle(event({ diagnosticEvent }));
      }
      const message = "<{%fg 1%}>error: exit code 1<{%reset%}>\n";
      progress.handle(event({ diagnosticEvent: { urn, message, severity: "error" } }));
      progress.handle(event({ resOpFailedEvent: { metadata: { urn, op: "create" } } }));
      failures = progress.failures();
    });
    assert.match(text, /✗ Image backend-image +failed/);
    assert.equal(failures[0]?.message, "error: exit code 1");
    assert.equal(failures[0].output.length, 40);
    assert.equal(failures[0].output[0], "step 11");
    assert.equal(failures[0].output.at(-1), "step 50");
  });

  it("leaves out what says nothing: digests, a step's name again, debug messages", () => {
    let failures: ReturnType<Progress["failures"]> = [];
    output((progress) => {
      const say = (message: string, severity = "info", target = urn): void => {
        progress.handle(event({ diagnosticEvent: { urn: target, message, severity } }));
      };
      say("[build 1/2] RUN make\ndigest: sha256:abc");
      say("[build 1/2] RUN make\ndigest: sha256:abc");
      say("no rule to make target");
      say("Registering resource", "debug");
      say("exit code 2", "error");
      say(
        "update failed",
        "error",
        "urn:pulumi:local::todo-app::pulumi:pulumi:Stack::todo-app-local",
      );
      failures = progress.failures();
    });
    assert.deepEqual(failures, [
      {
        resource: "Image backend-image",
        message: "exit code 2",
        output: ["[build 1/2] RUN make", "no rule to make target"],
      },
    ]);
  });

  it("says of a rollout what its pods and the provider said, once and in one place", () => {
    const deployment = urn.replace(/docker.*/, "kubernetes:apps/v1:Deployment::backend");
    let failures: ReturnType<Progress["failures"]> = [];
    output((progress) => {
      const say = (message: string, target: string): void => {
        const diagnosticEvent = { urn: target, message, severity: "error" };
        progress.handle(event({ diagnosticEvent }));
      };
      say("Pod backend-1:\n  container backend: runs, but is not ready\n", deployment);
      say("timed out waiting to be Ready\n", deployment);
      say("update failed", "urn:pulumi:local::todo-app::pulumi:pulumi:Stack::todo-app-local");
      failures = progress.failures();
    });
    assert.deepEqual(failures, [
      {
        resource: "Deployment backend",
        message:
          "Pod backend-1:\n  container backend: runs, but is not ready\ntimed out waiting to be Ready",
        output: [],
      },
    ]);
  });

  it("reads without colours and with short times", () => {
    assert.equal(plain("<{%bold%}>a<{%reset%}> \u001b[31mb\u001b[0m"), "a b");
    assert.equal(seconds(400), "0.4 s");
    assert.equal(seconds(12_300), "12 s");
    assert.equal(seconds(65_000), "1 min 5 s");
  });
});
