/** Converts namespaces and pods of cases to objects of the API. */
import { listOf } from './stated.js';

export interface FixtureNamespace {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>> | null;
}

export interface FixturePod {
  readonly namespace: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>> | null;
  /** Only if the case depends on the address. */
  readonly ip?: string;
  readonly containerPorts: readonly { readonly name?: string; readonly containerPort: number; readonly protocol?: string }[] | null;
}

export const namespaceObject = ({ name, labels }: FixtureNamespace): object => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } });

/** The pod has a container for each port, since several ports may have the same number with different protocols. */
export const podObject = ({ namespace, name, labels, ip, containerPorts }: FixturePod): object => ({
  apiVersion: 'v1', kind: 'Pod', metadata: { namespace, name, labels },
  spec: { containers: listOf(containerPorts).map((port, index) => ({ name: `c${index}`, image: 'agnhost', ports: [port] })) },
  ...(ip === undefined ? {} : { status: { podIP: ip } }),
});
