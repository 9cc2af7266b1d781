/** Turns the body of a request into the settings of a cluster and its first nodes, and reports all problems. */
import type { z } from 'zod';
import { invalidValue } from './api-messages.js';
import { clusterSettingsSchema, type ClusterInput } from './cluster-settings-schema.js';
import { cidrProblem } from './ip-syntax.js';
import { dnsLabelProblem, dnsSubdomainProblem } from './name-syntax.js';
import { completeNodeSeed, extraRoutes, type NodeSeed } from './node-seed.js';
import { formatPath, type ObjectProblem, type Report } from './object-problem.js';
import { pruneFields } from './prune-fields.js';
import { checkAddressPlan, firstHostOf, readCidr, type AddressPlan } from './rules/address-plan.js';
import { checkNodeAddresses, checkNodeCount, checkNodeSeeds } from './rules/node-seed-rules.js';
import { checkUnderlay } from './rules/underlay-rules.js';
import { describeType, flattenIssues, schemaProblems } from './schema-problems.js';
import { walkSchema } from './schema-walk.js';
import type { ClusterSettings, LanHost } from './settings.js';
import { lastHostOf } from '../values/cidr.js';
import { formatIpv4 } from '../values/ipv4.js';
import { isFields } from '../values/fields.js';

interface ValidatedClusterSettings {
  /** Valid only if `errors` is empty. */
  readonly settings: ClusterSettings;
  readonly nodes: readonly NodeSeed[];
  readonly errors: readonly ObjectProblem[];
}

const FALLBACK: ClusterInput = clusterSettingsSchema.parse({ name: '' });

/** The nodes of a list, or for a number that many plain ones: `node-1`, `node-2`, … */
const seedsOf = (nodes: ClusterInput['nodes']): readonly NodeSeed[] =>
  (typeof nodes === 'number' ? Array.from({ length: nodes }, (_, index) => ({ name: `node-${index + 1}` })) : nodes).map(completeNodeSeed);

/** The last address of the external network, or the first if the gateway has the last. */
function ispAddress({ network, address }: NonNullable<AddressPlan['external']>): string {
  const last = formatIpv4(lastHostOf(network));
  return last === formatIpv4(address) ? firstHostOf(network) : last;
}

/** Fills in the defaults that depend on another field. */
function complete(input: ClusterInput, plan: AddressPlan): ClusterSettings {
  const { nodes: _, underlay, masquerade, ...rest } = input;
  const { internalIP = plan.node ? firstHostOf(plan.node) : '', ...gateway } = underlay.gateway;
  const lanHosts: readonly LanHost[] = underlay.lanHosts.map((host) => ({ ...host, routes: extraRoutes(host.routes) }));
  return {
    ...rest,
    masquerade: { nonMasqueradeCIDRs: masquerade.nonMasqueradeCIDRs ?? [input.podCIDR, underlay.nodeCIDR] },
    underlay: {
      ...underlay,
      lanHosts,
      gateway: { internalIP, ...gateway },
      isp: { ip: underlay.isp.ip ?? (plan.external ? ispAddress(plan.external) : '') },
    },
  };
}

function checkNodePortRange(text: string, report: Report): void {
  const match = /^(\d{1,5})-(\d{1,5})$/.exec(text);
  const [low, high] = [Number(match?.[1]), Number(match?.[2])];
  if (!match || low < 1 || high > 65535 || low > high) {
    report('nodePortRange', invalidValue(text, 'must be two ports between 1 and 65535, the lower one first, e.g. 30000-32767'));
  }
}

function checkNames({ name, clusterDomain }: ClusterInput, report: Report): void {
  const nameProblem = dnsLabelProblem(name);
  if (nameProblem !== undefined) report('name', invalidValue(name, nameProblem));
  const domainProblem = dnsSubdomainProblem(clusterDomain);
  if (domainProblem !== undefined) report('clusterDomain', invalidValue(clusterDomain, domainProblem));
}

/** @source Kubernetes `pkg/proxy/apis/config/validation`, `validateKubeProxyNodePortAddress` */
function checkNodePortAddresses(addresses: readonly string[], report: Report): void {
  for (const [index, text] of addresses.entries()) {
    const path = `kubeProxy.nodePortAddresses[${index}]`;
    if (text !== 'primary' && cidrProblem(text) !== undefined) report(path, invalidValue(text, 'must be a CIDR, or "primary"'));
    if (text === 'primary' && addresses.length > 1) report(path, invalidValue(text, "can't use both 'primary' and CIDRs"));
  }
}

function checkLists({ kubeProxy, masquerade }: ClusterInput, report: Report): void {
  checkNodePortAddresses(kubeProxy.nodePortAddresses, report);
  for (const [index, text] of (masquerade.nonMasqueradeCIDRs ?? []).entries()) readCidr(text, `masquerade.nonMasqueradeCIDRs[${index}]`, report);
}

/** Checks the values of an input of the right shape. */
function checkValues(input: ClusterInput, report: Report): ClusterSettings {
  checkNames(input, report);
  checkNodePortRange(input.nodePortRange, report);
  checkLists(input, report);
  const plan = checkAddressPlan(input, report);
  const settings = complete(input, plan);
  const gateway = { ...input.underlay.gateway, internalIP: plan.node && settings.underlay.gateway.internalIP };
  const machines = checkUnderlay({ ...input.underlay, gateway, isp: plan.external ? settings.underlay.isp : {} }, plan, report);
  const { nodes } = input;
  checkNodeCount(typeof nodes === 'number' ? nodes : nodes.length, plan, input.nodeCIDRMaskSize, report);
  if (typeof nodes !== 'number') checkNodeSeeds(nodes, plan, machines, input.underlay.lanHosts.map(({ name }) => name), report);
  const withoutAddress = typeof nodes === 'number' ? nodes : nodes.filter(({ internalIP }) => internalIP === undefined).length;
  checkNodeAddresses(withoutAddress, plan, machines, report);
  return settings;
}

/** Removes the invalid fields. Missing strings, and values that should be strings, become empty instead, which keeps the elements of lists. */
function mend(input: object, issues: readonly z.core.$ZodIssue[], depth: number): object {
  const isText = (issue: z.core.$ZodIssue): boolean => depth >= issue.path.length && issue.code === 'invalid_type' && issue.expected === 'string';
  const mended = pruneFields(input, issues.filter((issue) => !isText(issue)).map(({ path }) => path.slice(0, depth)));
  for (const { path } of issues.filter(isText)) {
    let parent: unknown = mended;
    for (const part of path.slice(0, -1)) parent = (parent as Record<PropertyKey, unknown> | undefined)?.[part];
    const field = path.at(-1);
    if (typeof parent === 'object' && parent !== null && field !== undefined) (parent as Record<PropertyKey, unknown>)[field] = '';
  }
  return mended;
}

/**
 * The part of an input of a wrong shape that can still be checked: without the invalid fields, or if the schema does not
 * accept that either, without the top-level fields that contain them.
 */
function soundPart(input: object, issues: readonly z.core.$ZodIssue[]): { readonly sound: ClusterInput; readonly gone: readonly string[] } {
  for (const depth of [Infinity, 1]) {
    const parsed = clusterSettingsSchema.safeParse({ name: FALLBACK.name, ...mend(input, issues, depth) });
    if (parsed.success) return { sound: parsed.data, gone: issues.map(({ path }) => formatPath(path.slice(0, depth))) };
  }
  return { sound: FALLBACK, gone: [''] };
}

/** Are the paths equal, or is one inside the other? */
const touches = (a: string, b: string): boolean =>
  a === b || a === '' || [`${b}.`, `${b}[`].some((start) => a.startsWith(start)) || [`${a}.`, `${a}[`].some((start) => b.startsWith(start));

/**
 * @param input the body of POST /clusters, or settings with a merge patch applied
 * @returns settings with all defaults filled in, the requested nodes (two by default), and all problems
 */
export function validateClusterSettings(input: unknown): ValidatedClusterSettings {
  const asObject = isFields(input) ? input : undefined;
  const errors: ObjectProblem[] = [];
  if (!asObject) errors.push({ path: '', message: `expected the settings of a cluster, got ${describeType(input)}`, category: 'shape' });
  const { kept, unknown } = walkSchema(clusterSettingsSchema, asObject ?? { name: FALLBACK.name });
  errors.push(...unknown.map(({ path, message }) => ({ path, message, category: 'value' as const })));

  const parsed = clusterSettingsSchema.safeParse(kept);
  const issues = (parsed.error?.issues ?? []).flatMap(flattenIssues);
  errors.push(...schemaProblems(issues, kept));
  const { sound, gone } = parsed.success ? { sound: parsed.data, gone: [] } : soundPart(kept, issues);
  const settings = checkValues(sound, (path, message) => {
    // In place of the removed fields only their defaults were checked.
    if (asObject && !gone.some((place) => touches(place, path))) errors.push({ path, message, category: 'value' });
  });
  return { settings, nodes: seedsOf(sound.nodes), errors };
}
