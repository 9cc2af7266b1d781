/** The product, used over its public API. */
import type { AddressInfo } from 'node:net';
import type { FrameJson } from '../../../src/render/json/packet-json.js';
import type { TraceJson } from '../../../src/render/json/trace-json.js';
import { openTestServer, type TestServer } from '../../support/test-server.js';
import type { Answers } from './answers.js';
import { Cables } from './cables.js';
import type { Announcement } from './lab.js';
import { keyOfConnection, keyOfNeighbour } from './known.js';
import type { ClusterChange, ClusterRecipe } from './recipe.js';

export class Product implements Answers {
  readonly #server: TestServer;
  readonly #base: string;

  private constructor(server: TestServer) {
    this.#server = server;
    this.#base = `http://127.0.0.1:${(server.http.address() as AddressInfo).port}/api/v1/clusters`;
  }

  static async open(): Promise<Product> {
    const server = await openTestServer();
    server.http.keepAliveTimeout = 0; // building a lab blocks this process for longer than a connection would be kept
    return new Product(server);
  }

  close(): Promise<void> {
    return this.#server.close();
  }

  async create(name: string, { settings, manifests, cut }: ClusterRecipe): Promise<void> {
    await this.#send('POST', '', { ...settings, name });
    if (manifests.length > 0) await this.#send('POST', `/${name}/manifests`, manifests);
    await this.cut(name, cut);
  }

  readonly #cables = new Cables();

  async cut(name: string, nodes: readonly string[]): Promise<void> {
    for (const [node, change] of this.#cables.changes(name, nodes)) await this.#send('PATCH', `/${name}/nodes/${node}`, change);
  }

  async change(name: string, change: ClusterChange): Promise<void> {
    if (change.delete.length > 0) await this.#send('POST', `/${name}/manifests/delete`, change.delete);
    if (change.apply.length > 0) await this.#send('POST', `/${name}/manifests`, change.apply);
    for (const [node, patch] of change.nodes ?? []) await this.#send('PATCH', `/${name}/nodes/${node}`, patch);
    if (change.settings) await this.#send('PATCH', `/${name}`, change.settings);
  }

  announce = async (name: string, announcement: Announcement): Promise<void> => void (await this.#send('POST', `/${name}/state/announce`, announcement));

  async known(name: string): Promise<ReadonlySet<string>> {
    const list = async (what: string): Promise<{ metadata: { name: string; namespace?: string } }[]> =>
      (JSON.parse(await this.get(`/${name}/${what}`)) as { items: { metadata: { name: string; namespace?: string } }[] }).items;
    const nodes = (await list('nodes')).map(({ metadata }) => [`node:${metadata.name}`, `nodes/${metadata.name}`] as const);
    const pods = (await list('pods')).map(({ metadata }) => [`pod:${metadata.namespace}/${metadata.name}`, `pods/${metadata.namespace}/${metadata.name}`] as const);
    const found: string[] = [];
    for (const [netns, path] of [...nodes, ...pods]) {
      const table = async <Entry>(what: string): Promise<Entry[]> => JSON.parse(await this.get(`/${name}/${path}/${what}`)) as Entry[];
      found.push(...(await table<Parameters<typeof keyOfNeighbour>[1]>('neighbours')).map((entry) => keyOfNeighbour(netns, entry)));
      if (netns.startsWith('node:')) found.push(...(await table<Parameters<typeof keyOfConnection>[1]>('conntrack')).map((entry) => keyOfConnection(netns, entry)));
    }
    return new Set(found);
  }

  reset = async (name: string): Promise<void> => void (await this.#answer('POST', `/${name}/state/reset`));
  delete = async (name: string): Promise<void> => void (await this.#answer('DELETE', `/${name}`));
  lab = async (name: string): Promise<string> => (await this.#answer('GET', `/${name}/lab`)).text();
  trace = async (name: string, question: object): Promise<TraceJson> => (await this.#send('POST', `/${name}/traces`, question)) as TraceJson;

  async frames(name: string, trace: TraceJson, path: number): Promise<readonly FrameJson[]> {
    const answer = await this.#answer('GET', `/${name}/traces/${trace.id}/frames?flooded=true&path=${path}`);
    return ((await answer.json()) as { items: FrameJson[] }).items;
  }

  get = async (path: string, accept = 'application/json'): Promise<string> => (await this.#answer('GET', path, undefined, accept)).text();

  async #send(method: string, path: string, body: object): Promise<unknown> {
    return (await this.#answer(method, path, body)).json();
  }

  async #answer(method: string, path: string, body?: object, accept = '*/*'): Promise<Response> {
    const answer = await fetch(this.#base + path, {
      method,
      headers: { accept, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return answer;
  }
}
