import { fetchExport } from "./account";
import { Section } from "./section";
import { useAttempt } from "./use-attempt";

export function YourData() {
  const { busy, problem, attempt } = useAttempt();

  async function save() {
    const address = URL.createObjectURL(await fetchExport());
    const link = document.createElement("a");
    link.href = address;
    link.download = "todo-export.json";
    link.click();
    URL.revokeObjectURL(address);
  }

  return (
    <Section
      id="data-heading"
      heading="Your data"
      explanation="All your tasks and conversations, in one file that other programs can read (JSON)."
    >
      <div role="alert">
        {problem !== undefined && <p className="notice-bad mb-3">{problem}</p>}
      </div>
      <button
        type="button"
        className="button-quiet min-h-11"
        aria-disabled={busy}
        onClick={() => void attempt(save)}
      >
        {busy ? "Preparing…" : "Download everything"}
      </button>
    </Section>
  );
}
