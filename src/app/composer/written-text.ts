import type { MemberItem } from '../state/people-api.ts';
import { NameTokens, withTokens } from '../state/name-tokens.ts';

/** What is typed, as it will be in the message: a name that mentions somebody is longer there. */
export class WrittenText {
  #members: readonly MemberItem[] = [];
  #tokens: ReadonlyMap<string, string> | undefined;

  of(typed: string, members: readonly MemberItem[]): string {
    if (!typed.includes('@')) return typed;
    if (this.#members !== members || !this.#tokens) {
      const names = new NameTokens();
      for (const { name, mention } of members) names.add(name, mention);
      this.#members = members;
      this.#tokens = names.unique();
    }
    return withTokens(typed, this.#tokens);
  }
}
