import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { type Plugin, defineConfig } from "vite";
import { budget } from "./scripts/budget.ts";
import { licences } from "./scripts/licences.ts";

// `npm run dev` shows the page with the services of a running stack behind it.
const PORTAL = process.env.PORTAL_URL ?? "http://127.0.0.1:3000";

/** The script sets the chosen theme. Painted before it ran, a page that was set to dark would flash in white. */
const paintAfterScript: Plugin = {
  name: "paint-after-script",
  transformIndexHtml: {
    order: "post",
    handler: (html) => html.replace('<script type="module"', '<script type="module" blocking="render"'),
  },
};

export default defineConfig({
  plugins: [
    react(),
    tailwindcss(),
    paintAfterScript,
    licences(),
    budget({ firstScreenMax: 100_000, allMax: 250_000 }),
  ],
  // What it stands in for is part of React since version 18.
  resolve: { alias: { "use-sync-external-store/shim/index.js": "react" } },
  worker: { format: "es" },
  build: {
    // The portal's Content-Security-Policy allows files of its own origin, not data: URLs.
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    // Every browser of the list below knows modulepreload.
    modulePreload: { polyfill: false },
    // What the page begins with is one file, however much of it the screens share: small ones compress badly.
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: "first", tags: ["$initial"] }] } } },
    // The first browsers with light-dark(), which the tokens in styles.css are written in.
    target: ["chrome123", "firefox120", "safari17.5"],
  },
  server: { proxy: { "/api": PORTAL } },
});
