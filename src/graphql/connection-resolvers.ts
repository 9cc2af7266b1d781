import type { Page } from './page.js';

/** The same for the connections of every kind. */
const connection = {
  nodes: (page: Page<never>) => page.edges.map(({ node }) => node),
  pageInfo: ({ edges, hasNextPage }: Page<never>) => ({
    hasNextPage, hasPreviousPage: false, startCursor: edges[0]?.cursor ?? null, endCursor: edges.at(-1)?.cursor ?? null,
  }),
  totalCount: (page: Page<never>) => page.count(),
};

export const connectionResolvers = {
  NodeConnection: connection,
  NamespaceConnection: connection,
  PodConnection: connection,
  ServiceConnection: connection,
  EndpointSliceConnection: connection,
  DeploymentConnection: connection,
  IngressConnection: connection,
  GatewayConnection: connection,
  HTTPRouteConnection: connection,
  NetworkPolicyConnection: connection,
  AdminNetworkPolicyConnection: connection,
  BaselineAdminNetworkPolicyConnection: connection,
  TraceConnection: connection,
};
