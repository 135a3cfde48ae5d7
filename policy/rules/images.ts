import { containersOf, podSpecOf, type Rule, title } from "./resource";

/** What holds for images. */

const contentTag = /:[0-9a-f]{12}(@sha256:[0-9a-f]{64})?$/;

const noLatest: Rule = {
  name: "no-latest-tag",
  description: "Every image has a tag that says which one it is.",
  check(resource) {
    const spec = podSpecOf(resource);
    return (spec === undefined ? [] : containersOf(spec)).flatMap(({ name, image = "" }) => {
      const [, tag] = /:([\w][\w.-]*)(?:@|$)/.exec(image.slice(image.lastIndexOf("/") + 1)) ?? [];
      if (image.includes("@sha256:") || (tag !== undefined && tag !== "latest")) return [];
      return [
        `${title(resource)}, container ${name}, runs ${image}, which is another image tomorrow. Name a version or a digest (postgresImage, or the image's content tag).`,
      ];
    });
  },
};

const byContent: Rule = {
  name: "images-by-content",
  description: "The application's own images are named by their content, or old pods keep running.",
  check({ type, name, props }) {
    if (type !== "docker:index/image:Image") return [];
    const image = String(props["imageName"]);
    if (contentTag.test(image)) return [];
    return [
      `Image ${name} is called ${image}: with a fixed tag a changed image rolls no pod. Make it with components/image.ts, which derives the tag.`,
    ];
  },
};

export const imageRules = [noLatest, byContent];
