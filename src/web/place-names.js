const PLACES = new Map([['fabric', 'Switch'], ['gateway', 'Gateway'], ['isp', 'Internet router (ISP)'], ['cloud-lb', 'Cloud load balancer']]);

const KINDS = new Map([['pod', 'Pod'], ['node', 'Node'], ['lan', 'LAN host'], ['internet', 'Internet host']]);

/** @param {string} netns as in a step, e.g. `node:node-1` */
export function placeName(netns) {
  const at = netns.indexOf(':');
  if (at < 0) return PLACES.get(netns) ?? netns;
  const kind = netns.slice(0, at);
  return `${KINDS.get(kind) ?? kind} ${netns.slice(at + 1)}`;
}
