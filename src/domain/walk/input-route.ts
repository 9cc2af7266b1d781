import type { Route } from '../datapath/netns.js';

/** What routing says to a packet that came in: up, on, or nowhere. */
export type InputRoute =
  | { readonly kind: 'local' }
  | { readonly kind: 'forward'; readonly route: Route }
  | { readonly kind: 'refused'; readonly failure: 'NO_ROUTE' | 'FORWARDING_OFF' | 'MARTIAN_SOURCE' | 'MARTIAN_DESTINATION' | 'REVERSE_PATH' | 'FOR_MANY' };
