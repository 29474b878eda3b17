import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type BrowserContext, type CDPSession, type Page } from 'playwright-core';
import { CHROMIUM, CHROMIUM_ARGS } from './chromium.ts';

/**
 * A host that is stopped is part of the tests: the browser reports every connection that it refuses, and every one that ends in
 * the middle of a request, as an error of its own.
 */
const NO_HOST =
  /net::ERR_(CONNECTION_(REFUSED|RESET|CLOSED|ABORTED)|EMPTY_RESPONSE)|WebSocket connection/;

/** A browser profile of its own on disk, as an installed app has one. */
export interface Profile {
  readonly context: BrowserContext;
  /** Everything that a page or the worker threw or logged as an error. */
  readonly errors: string[];
  /** Stops every service worker of the browser, wherever it is in its code. */
  stopWorkers(page: Page): Promise<void>;
  close(): Promise<void>;
}

export interface ProfileOptions {
  readonly colorScheme?: 'light' | 'dark';
  /** `block`: as in browsers and modes without service workers. */
  readonly serviceWorkers?: 'allow' | 'block';
  readonly viewport?: { readonly width: number; readonly height: number };
  /** A phone: fingers, and no mouse that could hover. */
  readonly touch?: boolean;
  /** Where the profile lives: opened again on the same folder, it is the same one. Removed at the end by who made it. */
  readonly folder?: string;
}

export async function openProfile(options: ProfileOptions = {}): Promise<Profile> {
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'weir-profile-')));
  const context = await chromium.launchPersistentContext(folder, {
    executablePath: CHROMIUM,
    args: CHROMIUM_ARGS,
    headless: true,
    viewport: options.viewport ?? { width: 1280, height: 800 },
    serviceWorkers: options.serviceWorkers ?? 'allow',
    colorScheme: options.colorScheme ?? 'light',
    hasTouch: options.touch ?? false,
    isMobile: options.touch ?? false,
  });
  const errors: string[] = [];
  context.on('weberror', (event) => errors.push(String(event.error())));
  context.on('console', (message) => {
    if (message.type() === 'error' && !NO_HOST.test(message.text())) errors.push(message.text());
  });
  return {
    context,
    errors,
    async stopWorkers(page) {
      const session: CDPSession = await context.newCDPSession(page);
      await session.send('ServiceWorker.enable');
      await session.send('ServiceWorker.stopAllWorkers');
      await session.detach();
    },
    async close() {
      await context.close();
      if (options.folder !== undefined) return;
      await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    },
  };
}
