/** What people can say, for those who have not said anything yet. */
const EXAMPLES = [
  "Add “Call the dentist” for tomorrow",
  "What do I still have to do?",
  "Which tasks are overdue?",
  "Find everything about the holidays",
];

interface WelcomeProps {
  /** Whether fixed rules answer, and no language model. */
  offline: boolean;
  onPick: (message: string) => void;
}

export function Welcome({ offline, onPick }: WelcomeProps) {
  return (
    <div className="pt-8">
      <p className="text-lg font-semibold">What shall we do?</p>
      <p className="mt-1 text-ink-soft">
        {offline ? "Say it in short sentences" : "Say it in your own words"}: add, find, change,
        tick off. Before anything is deleted, you are asked.
      </p>
      <Examples onPick={onPick} />
    </div>
  );
}

/** Sentences that the assistant understands; a press says them. */
export function Examples({ onPick }: { onPick: (message: string) => void }) {
  return (
    <ul className="mt-5 space-y-2">
      {EXAMPLES.map((example) => (
        <li key={example}>
          <button
            type="button"
            className="button-quiet h-auto w-full justify-start py-2 text-left"
            onClick={() => {
              onPick(example.replaceAll(/[“”]/g, ""));
            }}
          >
            {example}
          </button>
        </li>
      ))}
    </ul>
  );
}
