/** Namespaces and pods as cases give them, as the objects that the API takes. */
import { listOf } from './stated.js';

export interface FixtureNamespace {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>> | null;
}

export interface FixturePod {
  readonly namespace: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>> | null;
  /** Where the case depends on it. */
  readonly ip?: string;
  readonly containerPorts: readonly { readonly name?: string; readonly containerPort: number; readonly protocol?: string }[] | null;
}

export const namespaceObject = ({ name, labels }: FixtureNamespace): object => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } });

/** One container for each port, as several may use one number for different protocols. */
export const podObject = ({ namespace, name, labels, ip, containerPorts }: FixturePod): object => ({
  apiVersion: 'v1', kind: 'Pod', metadata: { namespace, name, labels },
  spec: { containers: listOf(containerPorts).map((port, index) => ({ name: `c${index}`, image: 'agnhost', ports: [port] })) },
  ...(ip === undefined ? {} : { status: { podIP: ip } }),
});
