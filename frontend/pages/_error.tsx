import type { NextPageContext } from "next";

/** When a page could not be made at all. Made for its request, so that its scripts carry a nonce. */
export default function ErrorPage({ status }: { status: number }) {
  return (
    <main className="mx-auto flex min-h-dvh max-w-sm flex-col justify-center px-5">
      <h1 className="text-3xl font-semibold tracking-tight">
        {status === 404 ? "Nothing here" : "That did not work"}
      </h1>
      <p className="mt-3 mb-6 text-ink-soft">
        {status === 404
          ? "This address leads to no page."
          : "The server ran into an error of its own. Nothing that you saved is lost."}
      </p>
      <p>
        <a href="/" className="button">
          Go to the start
        </a>
      </p>
    </main>
  );
}

ErrorPage.getInitialProps = ({ res }: NextPageContext) => ({ status: res?.statusCode ?? 500 });
