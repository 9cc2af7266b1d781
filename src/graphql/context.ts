import type { Services } from '../services/use-cases/services.js';
import type { Viewer } from '../services/use-cases/viewer.js';
import { createLoaders, type Loaders } from './loaders.js';

/** What every resolver is given: who asks, the use-cases, and the loaders of this one request. */
export interface GraphqlContext {
  readonly viewer: Viewer;
  readonly services: Services;
  readonly loaders: Loaders;
}

/** One per request, and one per operation of a WebSocket: loaders remember what they have read. */
export const createContext = (services: Services, viewer: Viewer): GraphqlContext => ({ viewer, services, loaders: createLoaders(services, viewer) });
