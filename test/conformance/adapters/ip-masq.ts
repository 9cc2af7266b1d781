/** ip-masq.json: the configurations that ip-masq-agent accepts. Of refusals only the subject is compared, not the text. */
import { masqueradeAgent } from '../../../src/compile/masquerade/masquerade-agent.js';
import { validateClusterSettings } from '../../../src/domain/cluster/validate-cluster-settings.js';
import { adapter, type ConformanceCase, type Finding } from '../adapter.js';

interface IpMasqCase extends ConformanceCase {
  readonly fact?: string;
  readonly config?: { readonly nonMasqueradeCIDRs: readonly string[] };
  readonly expected: Readonly<Record<string, unknown>>;
}

const LIST = 'masquerade.nonMasqueradeCIDRs';

function validity(nonMasqueradeCIDRs: readonly string[], { valid }: IpMasqCase['expected']): readonly Finding[] {
  const { errors } = validateClusterSettings({ name: 'conformance', masquerade: { nonMasqueradeCIDRs } });
  const elsewhere = errors.filter(({ path }) => !path.startsWith(LIST));
  return [{ name: 'valid', expected: valid, actual: errors.length === 0 }, { name: 'problems elsewhere', expected: [], actual: elsewhere }];
}

/** Compares the agent's defaults with those of a cluster without settings. */
function defaults(expected: IpMasqCase['expected']): readonly Finding[] {
  const { settings } = validateClusterSettings({ name: 'conformance' });
  const [chain] = masqueradeAgent(settings).onNode(undefined as never, undefined as never).allChains('nat');
  const actual: IpMasqCase['expected'] = {
    nonMasqueradeCIDRs: settings.masquerade.nonMasqueradeCIDRs,
    randomFully: settings.kubeProxy.randomFully,
    masqChain: chain?.name,
  };
  return Object.entries(expected).map(([name, value]) => ({ name, expected: value, actual: actual[name] ?? 'not modelled' }));
}

export const ipMasq = adapter<IpMasqCase>({
  families: ['ip-masq'],
  run: ({ fact, config, expected }) => {
    if (config) return validity(config.nonMasqueradeCIDRs, expected);
    return fact === 'defaults' ? defaults(expected) : Object.entries(expected).map(([name, value]) => ({ name, expected: value, actual: 'not modelled' }));
  },
});
