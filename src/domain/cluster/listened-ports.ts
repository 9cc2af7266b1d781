import type { ListenAddress, PodView } from './view.js';

export type ListenedPort = Pick<ListenAddress, 'port' | 'protocol'>;

/** The ports on which a pod listens: those of its annotation if it has one, else those that its containers declare. */
export const listenedPorts = ({ listen, containers }: Pick<PodView, 'listen' | 'containers'>): readonly ListenedPort[] =>
  listen ?? containers.flatMap(({ ports }) => ports.map(({ containerPort, protocol }) => ({ port: containerPort, protocol })));

/** `8080/TCP` */
export const portText = ({ port, protocol }: ListenedPort): string => `${port}/${protocol}`;
