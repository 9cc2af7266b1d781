/** One flow on both sides. */
import type { TraceJson } from '../../../src/render/json/trace-json.js';
import { observeKernel } from './kernel-side.js';
import type { Lab, LabAnswer, LabFlow } from './lab.js';
import { observeModel, questionOf } from './model-side.js';
import { PARTS, type Observation } from './observation.js';
import type { ClusterRecipe, Product } from './product.js';

/** A cluster, and what is asked of it. */
export interface LabCase {
  readonly name: string;
  readonly cluster: ClusterRecipe;
  readonly flows: readonly TitledFlow[];
}

export interface TitledFlow extends LabFlow {
  readonly title: string;
}

export interface Comparison {
  readonly flow: TitledFlow;
  readonly kernel: Observation;
  readonly model: Observation;
  readonly verdict: string;
  /** The parts that differ. */
  readonly differs: readonly (keyof Observation)[];
}

/** Ports that a cluster's own words contain: what else is seen was chosen on the way. */
export const portsOf = ({ settings, manifests }: ClusterRecipe): ReadonlySet<number> => new Set(JSON.stringify([settings, manifests]).match(/\d+/g)?.map(Number));

/** Which of the model's paths the kernel's choice of endpoint is: the one whose backend its packets went to. */
export function pathTaken(trace: TraceJson, answer: Pick<LabAnswer, 'frames'>): number {
  const ends = new Set(answer.frames.map(({ ip, l4 }) => (l4 ? `${ip!.dst}:${l4.dport}` : ip?.dst)));
  const taken = trace.paths.findIndex(({ backend }) => backend !== null && ends.has(`${backend.ip}:${backend.port}`));
  return Math.max(0, taken);
}

/** @param tracked whether a namespace has rules in the model; without them nothing is tracked there */
export async function modelOf(product: Product, cluster: string, recipe: ClusterRecipe, flow: LabFlow, answer: Pick<LabAnswer, 'frames'>): Promise<{ observation: Observation; verdict: string; path: number }> {
  const trace = await product.trace(cluster, questionOf(flow));
  const path = pathTaken(trace, answer);
  const observation = observeModel(trace.paths[path]!, await product.frames(cluster, trace, path), flow, portsOf(recipe));
  return { observation, verdict: trace.verdict, path };
}

export const isTracked = (netns: string): boolean => netns === 'gateway' || netns.startsWith('node:');

export async function compareFlow(product: Product, lab: Lab, cluster: string, recipe: ClusterRecipe, titled: TitledFlow): Promise<Comparison & { readonly answer: LabAnswer }> {
  const flow = titled.neighbours === 'WARM' && !(await canBeWarm(product, cluster, titled)) ? { ...titled, neighbours: 'COLD' as const } : titled;
  if (flow.neighbours === 'WARM') await lab.ask({ ...flow, neighbours: 'COLD' });
  const answer = await lab.ask(flow);
  const kernel = observeKernel(answer, flow, portsOf(recipe), isTracked);
  const { observation: model, verdict } = await modelOf(product, cluster, recipe, flow, answer);
  return { flow, kernel, model, verdict, differs: differences(kernel, model, verdict), answer };
}

/** WARM is as after an earlier flow that succeeded; one that may have chosen another endpoint warmed other caches. */
async function canBeWarm(product: Product, cluster: string, flow: LabFlow): Promise<boolean> {
  const { verdict, totalPaths } = await product.trace(cluster, questionOf({ ...flow, neighbours: 'COLD' }));
  return verdict === 'REACHABLE' && totalPaths === 1;
}

/** What the model does not answer is a difference too. */
export const differences = (kernel: Observation, model: Observation, verdict: string): (keyof Observation)[] =>
  PARTS.filter((part) => verdict === 'UNDETERMINED' || JSON.stringify(kernel[part]) !== JSON.stringify(model[part]));
