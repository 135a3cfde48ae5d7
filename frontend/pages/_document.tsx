import Document, {
  Head,
  Html,
  Main,
  NextScript,
  type DocumentContext,
  type DocumentInitialProps,
} from "next/document";
import { BeforeFirstPaint } from "@/components/before-first-paint";

/** The frame of every page. It carries the nonce that the content security policy demands. */
export default class PageDocument extends Document<{ nonce: string }> {
  static override async getInitialProps(
    context: DocumentContext,
  ): Promise<DocumentInitialProps & { nonce: string }> {
    const nonce = context.req?.headers["x-nonce"];
    return {
      ...(await Document.getInitialProps(context)),
      nonce: typeof nonce === "string" ? nonce : "",
    };
  }

  override render() {
    const { nonce } = this.props;
    return (
      <Html lang="en">
        <Head nonce={nonce}>
          <BeforeFirstPaint nonce={nonce} />
          <meta name="description" content="Your tasks, in one calm place." />
          <meta name="theme-color" media="(prefers-color-scheme: light)" content="#f4f6f4" />
          <meta name="theme-color" media="(prefers-color-scheme: dark)" content="#101512" />
          <link rel="icon" href="/icon.svg" type="image/svg+xml" />
          <link rel="manifest" href="/manifest.webmanifest" />
        </Head>
        <body>
          <Main />
          <NextScript nonce={nonce} />
        </body>
      </Html>
    );
  }
}
