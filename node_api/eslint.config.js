import js from "@eslint/js";

export default [
  js.configs.recommended,
  {
    languageOptions: {
      globals: Object.fromEntries(
        ["AbortController", "Buffer", "TextDecoder", "console", "crypto", "process"]
          .concat("setInterval", "setTimeout")
          .map((name) => [name, "readonly"]),
      ),
    },
    rules: {
      eqeqeq: "error",
      "func-names": ["error", "as-needed"],
      "no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
      "no-var": "error",
      "prefer-const": "error",
    },
  },
];
