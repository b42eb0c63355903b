import { createHash } from "node:crypto";
import { fileURLToPath } from "node:url";
import { defineConfig, type Plugin } from "vite";
import { viteSingleFile } from "vite-plugin-singlefile";

const cache = (path: string) => fileURLToPath(new URL(`../.cache/page/${path}`, import.meta.url));

/** Nothing is loaded, and nothing runs but what is inside, by its hash; `mikoshi page` narrows `connect-src`. */
const CONNECT = "https: http://localhost:* http://127.0.0.1:*";

function policy(): Plugin {
  const hash = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
  const hashes = (html: string, tag: RegExp) => [...html.matchAll(tag)].map((found) => hash(found[1] ?? "")).join(" ");
  return {
    name: "policy",
    enforce: "post",
    generateBundle: {
      order: "post",
      handler(_options, bundle) {
        for (const asset of Object.values(bundle)) {
          if (asset.type !== "asset" || !asset.fileName.endsWith(".html")) continue;
          const html = String(asset.source).replace(/ crossorigin/g, "");
          const rules = [
            "default-src 'none'",
            `script-src ${hashes(html, /<script type="module">([\s\S]*?)<\/script>/g)}`,
            `style-src ${hashes(html, /<style[^>]*>([\s\S]*?)<\/style>/g)}`,
            "img-src data:",
            `connect-src ${CONNECT}`,
            "base-uri 'none'",
            "form-action 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types 'none'",
          ];
          const meta = `<meta http-equiv="Content-Security-Policy" content="${rules.join("; ")}" />`;
          asset.source = html.replace("<head>", `<head>\n    ${meta}`);
        }
      },
    },
  };
}

export default defineConfig({
  root: fileURLToPath(new URL(".", import.meta.url)),
  cacheDir: cache("vite"),
  plugins: [viteSingleFile({ removeViteModuleLoader: true }), policy()],
  resolve: { alias: { words: cache("words.json") } },
  esbuild: { jsx: "automatic", jsxImportSource: "preact" },
  build: { target: "es2022", outDir: cache("dist"), emptyOutDir: true, modulePreload: false },
});
