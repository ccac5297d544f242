// Builds the face: styles, scripts, fonts and the icons that pages may name, with a manifest for the server.
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { defineConfig } from "vite";
import tailwindcss from "@tailwindcss/vite";

const ui = new URL("./orchard/web/ui/", import.meta.url);
const { resolve } = createRequire(import.meta.url);

/** Emits `icons.json`: the inner SVG of each Lucide icon named in `src/icons.txt`. */
function icons() {
  const list = new URL("src/icons.txt", ui).pathname;
  return {
    name: "orchard-icons",
    buildStart() {
      this.addWatchFile(list);
    },
    generateBundle() {
      const names = readFileSync(list, "utf8").split(/\s+/).filter(Boolean);
      const shapes = Object.fromEntries(names.map((name) => [name, shape(name)]));
      this.emitFile({ type: "asset", fileName: "icons.json", source: JSON.stringify(shapes) });
    },
  };
}

function shape(name) {
  const svg = readFileSync(resolve(`lucide-static/icons/${name}.svg`), "utf8");
  return svg.slice(svg.indexOf(">", svg.indexOf("<svg")) + 1, svg.lastIndexOf("</svg>")).replace(/\s+/g, " ").trim();
}

/** Lets no font that comes late change lines that are being read: it is there at once, as it is preloaded, or next time. */
function lateFonts() {
  return {
    name: "orchard-late-fonts",
    generateBundle(_, bundle) {
      for (const one of Object.values(bundle).filter(({ fileName }) => fileName.endsWith(".css"))) {
        one.source = String(one.source).replaceAll(/font-display:\s*swap/g, "font-display:optional");
      }
    },
  };
}

/** Lays a packed copy beside each script and style; the server hands out whichever the browser takes. */
function packed() {
  return {
    name: "orchard-packed",
    writeBundle({ dir }, bundle) {
      for (const name of Object.keys(bundle).filter((name) => /\.(js|css)$/.test(name))) {
        const content = readFileSync(`${dir}/${name}`);
        writeFileSync(`${dir}/${name}.br`, brotliCompressSync(content));
        writeFileSync(`${dir}/${name}.gz`, gzipSync(content, { level: 9 }));
      }
    },
  };
}

export default defineConfig({
  root: new URL("src/", ui).pathname,
  base: "./",
  publicDir: false,
  plugins: [tailwindcss(), icons(), lateFonts(), packed()],
  build: {
    outDir: new URL("static/built/", ui).pathname,
    emptyOutDir: true,
    manifest: "manifest.json",
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0, // the content policy allows no font or style from a data: address
    assetsDir: "",
    rolldownOptions: {
      input: new URL("src/main.js", ui).pathname,
      checks: { eval: false }, // htmx carries an eval that `allowEval: false` and the content policy both forbid
    },
  },
});
