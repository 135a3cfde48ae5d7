import js from "@eslint/js";
import next from "@next/eslint-plugin-next";
import accessibility from "eslint-plugin-jsx-a11y";
import hooks from "eslint-plugin-react-hooks";
import tseslint from "typescript-eslint";

export default tseslint.config(
  { ignores: ["node_modules/", ".next/", "next-env.d.ts", "features/api/schema.d.ts"] },
  js.configs.recommended,
  ...tseslint.configs.strictTypeChecked.map((config) => ({ ...config, files: ["**/*.{ts,tsx}"] })),
  {
    files: ["**/*.{ts,tsx}"],
    plugins: { "@next/next": next },
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      ...next.configs["core-web-vitals"].rules,
      // Links load whole pages: `next/link` and its prefetching cost more script than they save
      // here, and nothing that one page held in memory reaches the next.
      "@next/next/no-html-link-for-pages": "off",
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      // What is named beside a rest is left out of it.
      "@typescript-eslint/no-unused-vars": ["error", { ignoreRestSiblings: true }],
      // React's event properties take functions whose promise nobody waits for.
      "@typescript-eslint/no-misused-promises": ["error", { checksVoidReturn: false }],
    },
  },
  hooks.configs.flat.recommended,
  accessibility.flatConfigs.strict,
);
