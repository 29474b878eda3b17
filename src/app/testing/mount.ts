import axe from 'axe-core';
import type { LitElement } from 'lit';
import { adoptTheme } from '../theme/tokens.ts';

/** Helpers for tests of elements in a real browser. */

/** Puts an element into a page that has the app's theme, and waits until it has drawn itself. */
export async function mount<T extends LitElement>(
  element: T,
  parent: Element = document.body,
): Promise<T> {
  adoptTheme(document);
  parent.append(element);
  await drawn();
  return element;
}

/** A part of the page with a size of its own. */
export function sizedBox(width: number, height: number): HTMLElement {
  const box = document.createElement('div');
  resize(box, width, height);
  document.body.append(box);
  return box;
}

export function resize(box: HTMLElement, width: number, height: number): void {
  box.style.setProperty('display', 'grid');
  box.style.setProperty('width', `${width}px`);
  box.style.setProperty('height', `${height}px`);
}

/** Takes everything out of the page again. */
export function unmountAll(): void {
  document.body.replaceChildren();
}

/** Two frames: nested elements have rendered, observers and scroll events have run. */
export async function drawn(): Promise<void> {
  for (let frame = 0; frame < 2; frame++) {
    await new Promise((resolve) => requestAnimationFrame(resolve));
  }
}

/** Waits for a condition that layout, a lazy import or a live query will make true; fails after ten seconds: a busy machine is no failure. */
export async function until(what: string, condition: () => boolean): Promise<void> {
  const deadline = performance.now() + 10_000;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`waited in vain until ${what}`);
    await drawn();
  }
}

/** The first match in an element's tree, through nested shadow roots. */
export function find<T extends Element = HTMLElement>(root: Element, selector: string): T {
  const found = findAll<T>(root, selector)[0];
  if (!found) throw new Error(`nothing matches ${selector}`);
  return found;
}

export function findAll<T extends Element = HTMLElement>(root: Element, selector: string): T[] {
  const found: T[] = [];
  const visit = (node: ParentNode): void => {
    for (const child of node.children) {
      if (child.matches(selector)) found.push(child as T);
      if (child.shadowRoot) visit(child.shadowRoot);
      visit(child);
    }
  };
  if (root.shadowRoot) visit(root.shadowRoot);
  visit(root);
  return found;
}

/** What a reader sees or hears in an element, white space made plain. */
export function words(element: Element): string {
  const collect = (node: Node): string => {
    if (node instanceof HTMLStyleElement) return '';
    if (node instanceof Text) return node.data;
    const shadow = node instanceof Element ? node.shadowRoot : null;
    return [...(shadow ?? node).childNodes].map(collect).join('');
  };
  return collect(element).replace(/\s+/g, ' ').trim();
}

/** The element that has the focus, through nested shadow roots. */
export function focused(): Element | null {
  let element = document.activeElement;
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  return element;
}

/** A key press at the focus, as a browser without a default action of its own; false when it was handled. */
export function press(key: string, init: KeyboardEventInit = {}): boolean {
  return (focused() ?? document.body).dispatchEvent(
    new KeyboardEvent('keydown', { key, bubbles: true, composed: true, cancelable: true, ...init }),
  );
}

/** Types into a field as a person does: the field has the text, and says so. */
export function type(field: HTMLInputElement | HTMLTextAreaElement, text: string): void {
  field.value = text;
  field.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true }));
}

/** Longer than the transition of a button's colours. */
const COLOURS_SETTLE_MS = 200;

/** Every accessibility violation that axe finds, as readable lines; none is `[]`. */
export async function violations(element: Element): Promise<string[]> {
  await new Promise((resolve) => setTimeout(resolve, COLOURS_SETTLE_MS)); // axe would measure a colour on its way
  const { violations: found } = await axe.run(element, { resultTypes: ['violations'] });
  return found.flatMap((rule) =>
    rule.nodes.map((node) => `${rule.id}: ${node.target.flat().join(' ')}: ${node.failureSummary}`),
  );
}
