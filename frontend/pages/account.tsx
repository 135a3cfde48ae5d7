import type { GetServerSideProps } from "next";
import { Icon } from "@/components/icon";
import { AccessTokens } from "@/features/account/access-tokens";
import { ChangePassword } from "@/features/account/change-password";
import { DeleteAccount } from "@/features/account/delete-account";
import { Profile } from "@/features/account/profile";
import { ThemeChoice } from "@/features/account/theme";
import { SignIns } from "@/features/account/sign-ins";
import { TimeZone } from "@/features/account/time-zone";
import { YourData } from "@/features/account/your-data";
import { SignedInPage } from "@/features/shell/signed-in-page";
import { signedIn } from "@/server/current-session";
import type { Page } from "./_app";

export default function AccountPage() {
  return (
    <SignedInPage
      current="account"
      assistant={
        <a href="/tasks?assistant=open" className="nav-item">
          <Icon name="chat" />
          Assistant
        </a>
      }
    >
      <main className="mx-auto min-h-dvh max-w-2xl px-4 pt-6 pb-32 sm:px-6 sm:pt-10">
        <h1 className="mb-4 text-3xl font-semibold tracking-tight">Your account</h1>
        <div className="space-y-5">
          <Profile />
          <ThemeChoice />
          <TimeZone />
          <ChangePassword />
          <SignIns />
          <AccessTokens />
          <YourData />
          <DeleteAccount />
        </div>
      </main>
    </SignedInPage>
  );
}

export const getServerSideProps: GetServerSideProps<Page> = async (context) => {
  const who = await signedIn(context);
  return "redirect" in who ? who : { props: { title: "Your account" } };
};
