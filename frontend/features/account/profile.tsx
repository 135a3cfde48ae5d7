import { useQuery } from "@tanstack/react-query";
import { dateInWords } from "@/lib/dates";
import { fetchAccount } from "./account";
import { Section } from "./section";

export const ACCOUNT = ["account"];

/** Who is signed in, and since when they have had an account. */
export function Profile() {
  const { data } = useQuery({ queryKey: ACCOUNT, queryFn: fetchAccount });
  return (
    <Section id="profile-heading" heading="You">
      <p className="min-h-7 text-lg wrap-anywhere">{data?.email}</p>
      <p className="min-h-6 text-ink-soft">
        {data !== undefined && `Member since ${dateInWords(new Date(data.created_at), "long")}`}
      </p>
    </Section>
  );
}
