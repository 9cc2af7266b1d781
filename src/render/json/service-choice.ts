import type { EndpointView, ServicePortView, ServiceView } from '../../domain/cluster/view.js';

/** What a random choice among a Service's endpoints is about; a chain that makes such a choice carries it along. */
export interface ServiceChoice {
  readonly service: Pick<ServiceView, 'namespace' | 'name'>;
  readonly port: Pick<ServicePortView, 'name' | 'port'>;
  /** In the order of the chain's branches. */
  readonly candidates: readonly EndpointView[];
  readonly notTaken: readonly { readonly endpoint: EndpointView; readonly why: string }[];
}

/** The walk passes the object on without knowing its type, so the type is checked here. */
export const isServiceChoice = (choice: object | null): choice is ServiceChoice =>
  choice !== null && 'candidates' in choice && 'notTaken' in choice && 'service' in choice;
