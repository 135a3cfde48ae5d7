import type { ReactNode } from "react";

interface SectionProps {
  id: string;
  heading: string;
  explanation?: string;
  children: ReactNode;
}

/** One concern of the account page. */
export function Section({ id, heading, explanation, children }: SectionProps) {
  return (
    <section aria-labelledby={id} className="card p-5 sm:p-6">
      <h2 id={id} className="text-xl font-semibold">
        {heading}
      </h2>
      {explanation !== undefined && <p className="mt-1 text-ink-soft">{explanation}</p>}
      <div className="mt-4">{children}</div>
    </section>
  );
}
