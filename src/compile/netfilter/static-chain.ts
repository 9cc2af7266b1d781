import type { Chain, MatchContext, Rule } from '../../domain/datapath/netfilter/rules.js';

/** A chain with a fixed list of few rules. */
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
