/** Why something expected did not happen: a translation, or the choice of an endpoint or a node. */
const WORDS: ReadonlyMap<string, string> = new Map(Object.entries({
  DESTINATION_IN_NON_MASQUERADE_CIDR: 'the destination is in a range that is not masqueraded',
  NOT_READY: 'not ready',
  NOT_ON_THIS_NODE: 'not on this node',
  TERMINATING: 'terminating',
  OTHER_ZONE: 'in another zone',
  NO_READY_LOCAL_ENDPOINT: 'has no ready endpoint of its own',
  NODE_NOT_READY: 'the node is not ready',
  NODE_TO_BE_DELETED: 'the cluster autoscaler is about to delete the node',
  EXCLUDED_BY_LABEL: 'its label keeps load balancers away',
  LINK_DOWN: 'the node is cut off',
}));

export const codeWords = (code: string): string => WORDS.get(code) ?? code.toLowerCase().replaceAll('_', ' ');
