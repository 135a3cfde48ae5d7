import { useQuery } from "@tanstack/react-query";
import { fetchAccount } from "./account";
import { Section } from "./section";

/** Who is signed in. The address is known at once; the rest comes from the back end. */
export function Who({ email }: { email: string }) {
  const { data } = useQuery({ queryKey: ["account"], queryFn: fetchAccount });
  return (
    <Section id="who-heading" heading="You">
      <p className="text-lg wrap-anywhere">{data?.email ?? email}</p>
      <p className="min-h-6 text-ink-soft">
        {data !== undefined && `Here since ${since(data.created_at)}`}
      </p>
    </Section>
  );
}

function since(moment: string): string {
  return new Intl.DateTimeFormat("en-GB", { dateStyle: "long" }).format(new Date(moment));
}
