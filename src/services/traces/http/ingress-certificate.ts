/** The certificate that an ingress controller has for a host, by which it also decides whether to redirect http to https. */
import type { ClusterView } from '../../../domain/cluster/view.js';
import { ingressPatternsFor } from '../../../domain/http/host-pattern.js';
import { certificateFor, isCertificateFor, type Certificate } from '../../../domain/http/ingress.js';
import { furtherServer } from '../../../domain/http/nginx-server-names.js';
import type { ServedIngresses } from '../../../domain/http/served-ingresses.js';
import type { Decision } from './answer.js';

export interface HostCertificate {
  /** `undefined`: the controller has none for the host. */
  readonly found: Certificate | undefined;
  /** A Secret, `namespace/name`, that may be for the host although its `tls` entry does not say so. */
  readonly doubtful: string | null;
}

/** A further name has the certificate of its server only if it is for that name, too. */
function certificateNamed(view: ClusterView, ingresses: ServedIngresses, name: string): HostCertificate {
  const own = ingresses.serverAt(name);
  if (own) return { found: certificateFor(own), doubtful: null };
  const further = furtherServer(ingresses, name);
  const server = further?.redirect ? ingresses.serverAt(further.redirect.to) : further?.server ?? null;
  const found = certificateFor(server);
  if (!server || !found?.secret || !view.hasSecret(found.namespace, found.secret)) return { found: undefined, doubtful: null };
  return isCertificateFor(server, name) ? { found, doubtful: null } : { found: undefined, doubtful: `${found.namespace}/${found.secret}` };
}

/**
 * The certificate of exactly this name, else of the wildcard that covers it.
 *
 * @source ingress-nginx rootfs/etc/nginx/lua/certificate.lua `get_pem_cert_uid`
 */
export function certificateOf(view: ClusterView, ingresses: ServedIngresses, host: string): HostCertificate {
  const named = ingressPatternsFor(host.replace(/\.$/, '')).filter((pattern) => pattern !== '').map((pattern) => certificateNamed(view, ingresses, pattern));
  return named.find(({ found }) => found) ?? named.find(({ doubtful }) => doubtful !== null) ?? { found: undefined, doubtful: null };
}

export function tlsOf(
  view: ClusterView,
  { found, doubtful }: HostCertificate,
  serverName: string,
): { readonly tls: Decision['tls']; readonly notes: readonly string[] } {
  if (found?.secret && view.hasSecret(found.namespace, found.secret)) {
    return { tls: { serverName, certificate: `Secret ${found.namespace}/${found.secret}` }, notes: [] };
  }
  const why =
    doubtful !== null
      ? `the tls entry of Secret ${doubtful} does not list ${serverName}`
      : found === undefined
        ? `no Ingress has TLS for ${serverName}`
        : found.secret === null
          ? `the Ingress names no Secret for ${serverName}`
          : `there is no Secret ${found.namespace}/${found.secret}`;
  return {
    tls: { serverName, certificate: "the controller's own (self-signed)" },
    notes: [`${why}, so the proxy shows its own certificate, which clients do not trust`],
  };
}
