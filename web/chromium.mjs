// Unpacks the browser of @sparticuz/chromium into a folder: node web/chromium.mjs .cache/chromium
// Its own loader asks for a newer Node. It brings its libraries; a Japanese font comes from npm too.
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliDecompressSync } from "node:zlib";

const modules = resolve(dirname(fileURLToPath(import.meta.url)), "node_modules");
const to = resolve(process.argv[2]);
const unpacked = (name) => brotliDecompressSync(readFileSync(`${modules}/@sparticuz/chromium/bin/${name}.br`));

mkdirSync(`${to}/fonts`, { recursive: true });
writeFileSync(`${to}/chromium`, unpacked("chromium"));
chmodSync(`${to}/chromium`, 0o755);
for (const name of ["al2023.tar", "fonts.tar"]) execFileSync("tar", ["-x", "-C", to], { input: unpacked(name) });
writeFileSync(
  `${to}/fonts.conf`,
  `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig><dir>${to}/fonts</dir><dir>${modules}/@expo-google-fonts/kosugi</dir><cachedir>${to}/fontcache</cachedir></fontconfig>
`,
);
