import shared from "../../../node_api/eslint.config.js";

const globals = ["AbortSignal", "clearTimeout", "performance", "setImmediate"];

export default [
  ...shared,
  {
    languageOptions: {
      globals: Object.fromEntries(globals.map((name) => [name, "readonly"])),
    },
  },
];
