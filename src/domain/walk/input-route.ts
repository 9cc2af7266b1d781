import type { Route } from '../datapath/netns.js';
import type { RouteFailure } from '../trace/step.js';

/** The result of routing an incoming packet: to this host, onward, or nowhere. */
export type InputRoute =
  | { readonly kind: 'local' }
  | { readonly kind: 'forward'; readonly route: Route }
  | { readonly kind: 'refused'; readonly failure: RouteFailure | 'FORWARDING_OFF' | 'FOR_MANY' };
