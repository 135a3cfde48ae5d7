import type { AppProps } from "next/app";
import Head from "next/head";
import { ErrorBoundary } from "@/components/error-boundary";
import { figtree } from "@/components/font";
import "@/app/globals.css";

/** What pages tell their frame. */
export interface Page {
  /** The page's name, for the window's title. */
  title?: string;
}

export default function App({ Component, pageProps }: AppProps<Page>) {
  const { title } = pageProps;
  return (
    <div className={`${figtree.variable} font-sans antialiased`}>
      <Head>
        {/* Up to the edges of a phone's screen; globals.css keeps what is read away from them. */}
        <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover" />
        <title>{title === undefined ? "Todo" : `${title} · Todo`}</title>
      </Head>
      <ErrorBoundary instead={() => <Broken />}>
        <Component {...pageProps} />
      </ErrorBoundary>
    </div>
  );
}

function Broken() {
  return (
    <main className="mx-auto flex min-h-dvh max-w-sm flex-col justify-center px-5">
      <h1 className="text-3xl font-semibold tracking-tight">That did not work</h1>
      <p className="mt-3 mb-6 text-ink-soft">
        The page ran into an error of its own. Nothing that you saved is lost.
      </p>
      <p>
        <button
          type="button"
          className="button"
          onClick={() => {
            window.location.reload();
          }}
        >
          Load the page again
        </button>
      </p>
    </main>
  );
}
