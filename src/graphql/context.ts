import type { Services } from '../services/use-cases/services.js';
import type { Viewer } from '../services/use-cases/viewer.js';
import { createLoaders, type Loaders } from './loaders.js';

/** The context of every resolver: the viewer, the use-cases, and the loaders of this request. */
export interface GraphqlContext {
  readonly viewer: Viewer;
  readonly services: Services;
  readonly loaders: Loaders;
}

/** Creates the context of one request or of one operation on a WebSocket, since loaders cache what they have read. */
export const createContext = (services: Services, viewer: Viewer): GraphqlContext => ({ viewer, services, loaders: createLoaders(services, viewer) });
