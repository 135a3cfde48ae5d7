import Document, {
  Head,
  Html,
  Main,
  NextScript,
  type DocumentContext,
  type DocumentInitialProps,
} from "next/document";
import type { JSX } from "react";
import { BeforeFirstPaint } from "@/components/before-first-paint";
import { styleSheet } from "@/server/style-sheets";

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
        <StyledHead nonce={nonce}>
          <BeforeFirstPaint nonce={nonce} />
          <meta name="description" content="Your tasks, in one calm place." />
          <meta name="theme-color" media="(prefers-color-scheme: light)" content="#f4f6f4" />
          <meta name="theme-color" media="(prefers-color-scheme: dark)" content="#101512" />
          <link rel="icon" href="/icon.svg" type="image/svg+xml" />
          <link rel="manifest" href="/manifest.webmanifest" />
        </StyledHead>
        <body>
          <Main />
          <NextScript nonce={nonce} />
        </body>
      </Html>
    );
  }
}

/** With the style sheets in it instead of links to them, so that the page shows as soon as it is there. */
class StyledHead extends Head {
  override getCssLinks(...given: Parameters<Head["getCssLinks"]>): JSX.Element[] | null {
    const links = super.getCssLinks(...given);
    // The development server changes them while the page is open.
    if (this.context.isDevelopment) return links;
    const files = given[0].allFiles.filter((file) => file.endsWith(".css"));
    const styles = files.map((file) => {
      const sheet = styleSheet(file);
      if (sheet === undefined) return undefined;
      const { nonce } = this.props;
      return <style key={file} nonce={nonce} dangerouslySetInnerHTML={{ __html: sheet }} />;
    });
    return styles.every((style) => style !== undefined) ? styles : links;
  }
}
