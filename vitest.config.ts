import { existsSync } from 'node:fs';
import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';
import { CHROMIUM, CHROMIUM_ARGS } from './tests/support/chromium.ts';
import { WEB_DEPENDENCIES } from './tests/support/web-dependencies.ts';

const haveChromium = existsSync(CHROMIUM);

/**
 * unit: pure code in Node (`*.test.ts`), beside the code it tests.
 * web: code that needs a browser (`*.web.test.ts`), in a real Chromium.
 * e2e: the built app, a real host and a real Chromium (`tests/e2e/*.e2e.ts`); run `npm run build` first.
 */
export default defineConfig({
  optimizeDeps: {
    include: [...WEB_DEPENDENCIES],
  },
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          environment: 'node',
          testTimeout: 60_000, // generous: a busy machine is no failure, and no test asserts on time
          hookTimeout: 60_000,
          // cbor-x would otherwise load a native add-on in Node: tests run the code that browsers run
          env: { CBOR_NATIVE_ACCELERATION_DISABLED: 'true' },
          include: ['{src,host,delegate,scripts,tests,bench,storm}/**/*.test.ts'],
          exclude: ['**/*.web.test.ts', '**/node_modules/**'],
        },
      },
      ...(haveChromium
        ? [
            {
              extends: true as const,
              test: {
                name: 'web',
                testTimeout: 60_000,
                hookTimeout: 60_000,
                include: ['src/**/*.web.test.ts'],
                browser: {
                  enabled: true,
                  headless: true,
                  screenshotFailures: false,
                  instances: [{ browser: 'chromium' as const }],
                  provider: playwright({
                    launchOptions: { executablePath: CHROMIUM, args: CHROMIUM_ARGS },
                  }),
                },
              },
            },
          ]
        : []),
      {
        extends: true,
        test: {
          name: 'e2e',
          environment: 'node',
          include: ['tests/e2e/**/*.e2e.ts'],
          maxWorkers: 2, // each file has hosts and profiles of its own, and mostly waits
          testTimeout: 300_000, // as above
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
