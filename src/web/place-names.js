const PLACES = { fabric: 'Switch', gateway: 'Gateway', isp: 'Internet router (ISP)', 'cloud-lb': 'Cloud load balancer' };

const KINDS = { pod: 'Pod', node: 'Node', lan: 'LAN host', internet: 'Internet host' };

/** @param {string} netns as in a step, e.g. `node:node-1` */
export function placeName(netns) {
  const at = netns.indexOf(':');
  return at < 0 ? (PLACES[netns] ?? netns) : `${KINDS[netns.slice(0, at)] ?? netns.slice(0, at)} ${netns.slice(at + 1)}`;
}
