import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { build, defineConfig, type Plugin } from 'vite';

/** Emits the manifest at its fixed URL: Vite would hash it, and an installed app's identity must not change with its text. */
function manifest(): Plugin {
  const FILE = 'manifest.webmanifest';
  return {
    name: 'weir-manifest',
    configureServer(server) {
      server.middlewares.use(`/${FILE}`, (_request, response) => {
        response.setHeader('Content-Type', 'application/manifest+json');
        response.end(readFileSync(FILE));
      });
    },
    transformIndexHtml: {
      order: 'post',
      handler: () => [
        { tag: 'link', attrs: { rel: 'manifest', href: `/${FILE}` }, injectTo: 'head' },
      ],
    },
    generateBundle() {
      this.emitFile({ type: 'asset', fileName: FILE, source: readFileSync(FILE) });
    },
  };
}

/** Builds the worker as one module at /sw.js, then writes the list of files to precache into it. */
function serviceWorker(): Plugin {
  let out = 'dist';
  return {
    name: 'weir-service-worker',
    apply: 'build',
    enforce: 'post',
    configResolved(config) {
      out = config.build.outDir;
    },
    async closeBundle() {
      await build({
        configFile: false,
        publicDir: false,
        logLevel: 'warn',
        build: {
          outDir: out,
          emptyOutDir: false,
          target: 'es2022',
          rolldownOptions: {
            input: { sw: 'src/sw/sw.ts' },
            output: { format: 'es', entryFileNames: '[name].js', codeSplitting: false },
          },
        },
      });
      const file = join(out, 'sw.js');
      const parts = readFileSync(file, 'utf8').split('self.__WB_MANIFEST');
      if (parts.length !== 2) throw new Error('sw.js must name self.__WB_MANIFEST exactly once');
      writeFileSync(file, parts.join(JSON.stringify(precacheList(out))));
    },
  };
}

function precacheList(out: string): { url: string; revision: string | null }[] {
  return readdirSync(out, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== 'sw.js' && !entry.name.endsWith('.map'))
    .map((entry) => relative(out, join(entry.parentPath, entry.name)))
    .sort()
    .map((file) => ({
      url: `/${file}`,
      revision: file.startsWith('assets/')
        ? null // its name carries its hash
        : createHash('sha256')
            .update(readFileSync(join(out, file)))
            .digest('hex')
            .slice(0, 16),
    }));
}

export default defineConfig({
  plugins: [manifest(), serviceWorker()],
  build: { target: 'es2022', modulePreload: { polyfill: false }, reportCompressedSize: true },
  server: { headers: { 'Service-Worker-Allowed': '/' } },
});
