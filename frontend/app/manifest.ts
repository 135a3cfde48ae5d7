import type { MetadataRoute } from "next";

/** For people who put the site on their phone's home screen, or among their programs. */
export default function manifest(): MetadataRoute.Manifest {
  return {
    name: "Todo",
    short_name: "Todo",
    description: "Your tasks, in one calm place.",
    start_url: "/tasks",
    scope: "/",
    display: "standalone",
    background_color: "#f4f6f4",
    theme_color: "#f4f6f4",
    icons: [{ src: "/icon.svg", sizes: "any", type: "image/svg+xml" }],
    shortcuts: [{ name: "Assistant", url: "/tasks?assistant=open" }],
  };
}
