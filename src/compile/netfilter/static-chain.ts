import type { Chain, MatchContext, Rule } from '../../domain/datapath/netfilter/rules.js';

/** A chain of few rules, all of them known. */
export class StaticChain implements Chain {
  readonly name: string;
  readonly #rules: readonly Rule[];

  constructor(name: string, rules: readonly Rule[]) {
    this.name = name;
    this.#rules = rules;
  }

  rulesFor(_context: MatchContext): readonly Rule[] {
    return this.#rules;
  }

  allRules(): Iterable<Rule> {
    return this.#rules;
  }
}
