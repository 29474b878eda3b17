/** All pages and workers of the browser: each is heard from before its own code runs. */
import type { Cdp, Params, ProtocolEvent } from './cdp.ts';
import { BINDING, HOOK, TOLD, type Sent } from './hook.ts';

export type TargetKind = 'page' | 'service_worker' | 'worker';

export interface Target {
  readonly id: string;
  readonly kind: TargetKind;
  readonly sessionId: string;
  url: string;
}

export interface TargetEvents {
  sent(target: Target, sent: Sent): void;
  /** What an expression of the storm's own said with `TOLD`. */
  told(what: string): void;
  /** Something was thrown and nobody caught it, or the page crashed. */
  failed(target: Target, what: string): void;
}

const KINDS: ReadonlySet<string> = new Set(['page', 'service_worker', 'worker', 'shared_worker']);

export class Targets {
  readonly #cdp: Cdp;
  readonly #events: TargetEvents;
  readonly #bySession = new Map<string, Target>();

  constructor(cdp: Cdp, events: TargetEvents) {
    this.#cdp = cdp;
    this.#events = events;
    cdp.listen((event) => this.#receive(event));
  }

  async start(): Promise<void> {
    await this.#cdp.send('Target.setAutoAttach', {
      autoAttach: true,
      waitForDebuggerOnStart: true,
      flatten: true,
    });
  }

  get all(): readonly Target[] {
    return [...this.#bySession.values()];
  }

  /** Opens a tab; its target is there when this resolves. */
  async open(url: string): Promise<Target> {
    const { targetId } = await this.#cdp.send('Target.createTarget', { url });
    const target = this.all.find(({ id }) => id === targetId);
    if (!target) throw new Error('the browser did not report its new tab');
    return target;
  }

  #receive({ method, params, sessionId }: ProtocolEvent): void {
    if (method === 'Target.attachedToTarget') {
      this.#attach(params);
      return;
    }
    if (method === 'Target.detachedFromTarget') {
      this.#bySession.delete(params['sessionId'] as string);
      return;
    }
    const target = sessionId === undefined ? undefined : this.#bySession.get(sessionId);
    if (!target) return;
    if (method === 'Runtime.bindingCalled' && params['name'] === BINDING) {
      this.#events.sent(target, JSON.parse(params['payload'] as string) as Sent);
    } else if (method === 'Runtime.bindingCalled' && params['name'] === TOLD) {
      this.#events.told(params['payload'] as string);
    } else if (method === 'Runtime.exceptionThrown') {
      const details = params['exceptionDetails'] as {
        readonly text: string;
        readonly exception?: { readonly description?: string };
      };
      this.#events.failed(target, details.exception?.description ?? details.text);
    } else if (method === 'Inspector.targetCrashed') {
      this.#events.failed(target, 'the page crashed');
    }
  }

  /** Commands are sent without waiting: a worker answers only once it may run. */
  #attach(params: Params): void {
    const sessionId = params['sessionId'] as string;
    const { targetId, type, url } = params['targetInfo'] as Readonly<Record<string, string>>;
    const send = (method: string, more: Params = {}): void =>
      void this.#cdp.send(method, more, sessionId).catch(() => undefined); // it may be gone already
    const known = this.all.some(({ id }) => id === targetId);
    if (!known && targetId !== undefined && KINDS.has(type ?? '')) {
      const kind = type === 'page' || type === 'service_worker' ? type : 'worker';
      this.#bySession.set(sessionId, { id: targetId, kind, sessionId, url: url ?? '' });
      send('Runtime.enable');
      send('Runtime.addBinding', { name: BINDING });
      send('Runtime.addBinding', { name: TOLD });
      if (kind === 'page') {
        send('Page.enable');
        send('Inspector.enable');
        send('Page.addScriptToEvaluateOnNewDocument', { source: HOOK });
        // a service worker is the browser's, and attached there
        send('Target.setAutoAttach', {
          autoAttach: true,
          waitForDebuggerOnStart: true,
          flatten: true,
          filter: [{ type: 'service_worker', exclude: true }, {}],
        });
      } else send('Runtime.evaluate', { expression: HOOK });
    }
    send('Runtime.runIfWaitingForDebugger');
  }
}
