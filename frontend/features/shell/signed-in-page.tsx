import type { ReactNode } from "react";
import { Icon } from "@/components/icon";
import { Wordmark } from "@/components/wordmark";
import { KeepSession } from "@/features/session/keep-session";
import { SignOutButton } from "@/features/session/sign-out-button";
import { QueryProvider } from "@/features/api/query-provider";

interface SignedInPageProps {
  current: "tasks" | "account";
  /** What leads to the assistant. */
  assistant: ReactNode;
  children: ReactNode;
}

/** The frame of the pages for people who are signed in. */
export function SignedInPage({ current, assistant, children }: SignedInPageProps) {
  return (
    <QueryProvider>
      <KeepSession />
      <header className="mx-auto flex max-w-5xl items-center gap-2 px-4 pt-4 sm:px-6 sm:pt-6">
        <a href="/tasks" className="mr-auto rounded-md py-1">
          <Wordmark />
        </a>
        {/* At the page's foot on a phone, where thumbs are. */}
        <nav
          aria-label="Main"
          className="max-sm:fixed max-sm:inset-x-0 max-sm:bottom-0 max-sm:z-10 max-sm:border-t max-sm:border-line max-sm:bg-surface max-sm:pb-[env(safe-area-inset-bottom)]"
        >
          <ul className="flex gap-1 *:flex *:flex-1">
            <li>
              <a
                href="/tasks"
                className="nav-item"
                aria-current={current === "tasks" ? "page" : undefined}
              >
                <Icon name="list" />
                Tasks
              </a>
            </li>
            <li>{assistant}</li>
            <li>
              <a
                href="/account"
                className="nav-item"
                aria-current={current === "account" ? "page" : undefined}
              >
                <Icon name="person" />
                Account
              </a>
            </li>
          </ul>
        </nav>
        <SignOutButton />
      </header>
      {children}
    </QueryProvider>
  );
}
