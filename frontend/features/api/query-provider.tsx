import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { redirectToSignIn } from "@/features/session/keep-session";
import { ApiError, isSignedOut } from "./api-fetch";

/** The page's cache of what the server said. */
export function QueryProvider({ children }: { children: ReactNode }) {
  const [client] = useState(
    () =>
      new QueryClient({
        // Whatever was asked or changed: when nobody is signed in any more, that is where it leads.
        queryCache: new QueryCache({ onError: leaveIfSignedOut }),
        mutationCache: new MutationCache({ onError: leaveIfSignedOut }),
        defaultOptions: {
          queries: {
            networkMode: "always",
            // Being refused does not get better by asking again; being unreachable may.
            retry: (count, error) =>
              count < 2 && error instanceof ApiError && (error.status === 0 || error.status >= 500),
          },
        },
      }),
  );
  return <QueryClientProvider client={client}>{children}</QueryClientProvider>;
}

function leaveIfSignedOut(error: Error): void {
  if (isSignedOut(error)) redirectToSignIn();
}
