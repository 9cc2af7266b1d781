import type { BaseChain, Chain, Hook, MatchContext, Netfilter, Rule, Table, Target } from '../datapath/netfilter/rules.js';
import type { InterfaceName } from '../datapath/interface-name.js';
import type { Hit } from '../trace/step.js';
import { isRandom, matchesRule, remember } from './match-rule.js';
import type { Skb } from './skb.js';
import type { Host } from './host.js';
import type { Walk } from './walk.js';

/** A target that ends the evaluation of a table. */
type FinalTarget = Exclude<Target, { kind: 'JUMP' | 'GOTO' | 'MARK' | 'CONTINUE' | 'RETURN' }>;

export interface Decision {
  readonly chain: string;
  readonly rule: Rule;
  readonly target: FinalTarget;
}

/** A RETURN rule with a cause: it explains why the rest of the chain does not apply to the packet. */
export interface Exemption {
  readonly chain: string;
  readonly rule: Rule;
}

/** The result of running a base chain: the rules that matched and the decision, `null` when the chain's policy decides. */
export interface Evaluation {
  readonly hits: Hit[];
  readonly markBefore: number;
  decision: Decision | null;
  exemption: Exemption | null;
}

interface Run {
  readonly walk: Walk;
  readonly host: Host;
  readonly netfilter: Netfilter;
  readonly table: Table;
  readonly hook: Hook;
  readonly skb: Skb;
  readonly context: MatchContext & { mark: number };
  readonly evaluation: Evaluation;
}

/**
 * Runs a packet through a base chain and the chains it jumps to. MARK rules change the packet's mark along the way.
 * A jump into a chain where nothing matched is not recorded as a hit.
 *
 * @source Linux `ipt_do_table`
 */
export function evaluateBaseChain(
  walk: Walk,
  host: Host,
  base: BaseChain,
  skb: Skb,
  inInterface: InterfaceName | null,
  outInterface: InterfaceName | null,
): Evaluation {
  const evaluation: Evaluation = { hits: [], markBefore: skb.mark, decision: null, exemption: null };
  runChain({
    walk, host, netfilter: host.netns.netfilter!, table: base.table, hook: base.hook, skb, evaluation,
    context: {
      packet: skb.packet, mark: skb.mark, inInterface, outInterface,
      state: skb.state ?? 'INVALID',
      destinationNat: skb.connection?.destinationNat ?? false,
    },
  }, base.chain);
  return evaluation;
}

/** @returns whether the table is done; otherwise the chain has returned to its caller. */
function runChain(run: Run, chain: Chain): boolean {
  const rules = chain.rulesFor(run.context);
  for (let index = 0; index < rules.length; index += 1) {
    let rule = rules[index]!;
    if (!matchesRule(rule, run.context, run.host)) continue;
    if (isFork(chain, rules, index)) rule = choose(run, chain, rules.slice(index));
    const outcome = apply(run, chain, rule);
    if (outcome === 'return') return false;
    if (outcome === 'decided') return true;
  }
  return false;
}

/** Does a random choice begin at this rule? A Service with a single endpoint has no statistic match, but still counts as a choice. */
const isFork = (chain: Chain, rules: readonly Rule[], index: number): boolean =>
  isRandom(rules[index]!) || (chain.choice !== undefined && index === rules.length - 1 && rules[index]!.target.kind === 'JUMP');

/**
 * Asks which branch to take.
 *
 * @param rules the branches, followed by the rest of the chain: those with a statistic match, then the first without one,
 *   which takes all remaining packets
 */
function choose(run: Run, chain: Chain, rules: readonly Rule[]): Rule {
  const last = rules.findIndex((rule) => !isRandom(rule));
  const branches = last < 0 ? rules : rules.slice(0, last + 1);
  const chosen = run.walk.choices.branch({ chain, branches });
  const rule = branches[chosen]!;
  run.walk.steps.push({
    kind: 'SERVICE_CHOICE', netns: run.host.netns.id, interface: run.context.inInterface, packet: run.skb.packet, before: null,
    hook: run.hook, table: run.table, chain: chain.name, choice: chain.choice ?? null,
    branches: branches.map((branch) => ({ rule: branch, chosen: branch === rule })),
  });
  return rule;
}

/** @returns whether the table is done, the chain goes back to its caller, or its next rule is up */
function apply(run: Run, chain: Chain, rule: Rule): 'decided' | 'return' | 'next' {
  const { evaluation, skb, context } = run;
  const { target } = rule;
  remember(rule, context, run.host);
  switch (target.kind) {
    case 'CONTINUE':
      return 'next';
    case 'MARK':
      skb.mark = ((skb.mark & ~target.mask) ^ target.value) >>> 0;
      context.mark = skb.mark;
      evaluation.hits.push({ chain: chain.name, rule });
      return 'next';
    case 'RETURN':
      if (rule.cause) {
        evaluation.hits.push({ chain: chain.name, rule });
        evaluation.exemption = { chain: chain.name, rule };
      }
      return 'return';
    case 'JUMP':
    case 'GOTO': {
      const inner = run.netfilter.chain(run.table, target.chain);
      if (!inner) return 'next';
      const before = evaluation.hits.length;
      evaluation.hits.push({ chain: chain.name, rule });
      const done = runChain(run, inner);
      if (inner.explain) recordPolicy(run, inner.name, inner.explain(context), done);
      if (done) return 'decided';
      if (evaluation.hits.length === before + 1) evaluation.hits.pop();
      return target.kind === 'GOTO' ? 'return' : 'next';
    }
    default:
      evaluation.hits.push({ chain: chain.name, rule });
      evaluation.decision = { chain: chain.name, rule, target };
      return 'decided';
  }
}

/** @param done whether the packet was decided inside the chain: a policy chain returns for every packet that it allows */
function recordPolicy({ walk, host, hook, table, skb, context }: Run, chain: string, explanation: object, done: boolean): void {
  walk.steps.push({
    kind: 'POLICY', netns: host.netns.id, interface: context.inInterface ?? context.outInterface, packet: skb.packet, before: null,
    hook, table, chain, verdict: done ? 'DENY' : 'ALLOW', explanation,
  });
}
