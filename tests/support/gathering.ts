import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import type { HostOptions } from '../../host/serve.ts';
import { openProfile, type Profile } from './browser.ts';
import { TestHost } from './host.ts';

/** Nodes, and people who come to them with browsers of their own; all of it is put away together. */
export class Gathering {
  /** In the order in which they were opened; one that was closed stays, with its errors. */
  readonly profiles: Profile[] = [];
  readonly #hosts: TestHost[] = [];
  readonly #folders: string[] = [];

  async host(options: Partial<HostOptions> = {}): Promise<TestHost> {
    const host = await TestHost.start(options);
    this.#hosts.push(host);
    return host;
  }

  /** On the disk, and empty. */
  async folder(): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), 'weir-gathering-'));
    this.#folders.push(folder);
    return folder;
  }

  /** @param folder where the profile lies on the disk, to be opened again; without it the profile is used once */
  async profile(folder?: string): Promise<Profile> {
    const profile = await openProfile(folder === undefined ? {} : { folder });
    this.profiles.push(profile);
    return profile;
  }

  /**
   * Somebody new, whose browser has the app installed.
   *
   * @param copies whether the browser lets the app copy; it then refuses everything else that has to be asked for
   */
  async arrive({ url }: TestHost, copies = false): Promise<Page> {
    const { context } = await this.profile();
    if (copies)
      await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: url });
    const page = await context.newPage();
    await page.goto(url);
    await installed(page);
    return page;
  }

  /** Everything that a page or a worker of any of them threw or logged as an error. */
  get errors(): readonly string[] {
    return this.profiles.flatMap(({ errors }) => errors);
  }

  async dispose(): Promise<void> {
    for (const profile of this.profiles) await profile.close();
    for (const host of this.#hosts) await host.dispose();
    for (const folder of this.#folders) {
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    }
  }
}

/** From then on the app opens without its host. */
export const installed = (page: Page): Promise<void> =>
  page.evaluate(async () => void (await navigator.serviceWorker.ready));
