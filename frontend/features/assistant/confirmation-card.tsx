import { useEffect, useState } from "react";
import { Isolated } from "@/components/isolated";
import type { Confirmation } from "./api";

/** What a press of the button does, by tool. */
const YES: Partial<Record<string, string>> = {
  add_task: "Yes, add",
  complete_task: "Yes, tick off",
  delete_task: "Yes, delete",
  update_task: "Yes, change",
};

interface ConfirmationCardProps {
  confirmation: Confirmation;
  /** Whether the question stands right above already, in the assistant's answer. */
  isAsked: boolean;
  onAnswer: (approve: boolean) => void;
}

/** The assistant's question before it does something that matters. */
export function ConfirmationCard({ confirmation, isAsked, onAnswer }: ConfirmationCardProps) {
  const expired = useExpired(confirmation.expires_at);
  const deletes = confirmation.tool === "delete_task";
  const several = Array.isArray(confirmation.arguments.calls);
  return (
    <section
      aria-labelledby="confirmation-prompt"
      className="mt-4 rounded-xl border border-warm bg-raised p-4"
    >
      <p
        id="confirmation-prompt"
        className={isAsked ? "sr-only" : "mb-3 font-medium wrap-anywhere"}
      >
        <Isolated text={confirmation.prompt} />
      </p>
      {expired ? (
        <p className="text-sm text-ink-soft">
          This question is too old to be answered. Ask the assistant again.
        </p>
      ) : (
        <div className="flex flex-wrap gap-2">
          <button
            type="button"
            className={deletes ? "button-bad" : "button min-h-10"}
            onClick={() => {
              onAnswer(true);
            }}
          >
            {YES[confirmation.tool] ?? "Yes, go on"}
          </button>
          <button
            type="button"
            className="button-quiet"
            onClick={() => {
              onAnswer(false);
            }}
          >
            {deletes ? (several ? "No, keep them" : "No, keep it") : "No"}
          </button>
        </div>
      )}
    </section>
  );
}

function useExpired(expiresAt: string): boolean {
  const ends = new Date(expiresAt).getTime();
  const [expired, setExpired] = useState(() => ends <= Date.now());
  useEffect(() => {
    const timer = setTimeout(
      () => {
        setExpired(true);
      },
      Math.max(0, ends - Date.now()),
    );
    return () => {
      clearTimeout(timer);
    };
  }, [ends]);
  return expired;
}
