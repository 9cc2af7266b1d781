/**
 * What ingress-nginx says to a client without a certificate of its own, as all clients are here.
 *
 * @source ingress-nginx internal/ingress/annotations/authtls; rootfs/etc/nginx/template/nginx.tmpl; nginx `ngx_http_process_request`, which
 *   reports 400 for a missing certificate
 */
import type { ClusterView } from '../../../domain/cluster/view.js';
import { NGINX_ANNOTATION } from '../../../domain/http/controller-annotations.js';
import type { HttpRequest } from '../../../domain/http/http-request.js';
import type { IngressServer, IngressView } from '../../../domain/http/ingress-view.js';
import type { Doubt, Refusal } from './answer.js';
import { nameOf } from '../name-of.js';

interface CertificateCheck {
  readonly refused: { readonly status: 400 | 403; readonly refusal: Refusal } | null;
  readonly doubts: readonly Doubt[];
}

const NOTHING: CertificateCheck = { refused: null, doubts: [] };

function refuse(status: 400 | 403, ingress: IngressView, why: string, fix: string): CertificateCheck {
  return {
    refused: {
      status,
      refusal: { code: 'INGRESS_CLIENT_CERTIFICATE', details: { subject: `Ingress ${nameOf(ingress)}`, why, fix }, disposition: 'REJECTED' },
    },
    doubts: [],
  };
}

const doubt = (ingress: IngressView, annotation: string, onlyRefuses: boolean): CertificateCheck =>
  ({ refused: null, doubts: [{ subject: `the annotation ${NGINX_ANNOTATION}${annotation} of Ingress ${nameOf(ingress)}`, onlyRefuses }] });

/** The first Ingress of the host that asks for certificates decides for all of its paths. */
export function checkClientCertificate(view: ClusterView, server: IngressServer | null, { scheme }: HttpRequest): CertificateCheck {
  const asking = (server?.ingresses ?? []).flatMap((ingress) => (ingress.nginx.clientCertificate ? [{ ingress, ...ingress.nginx.clientCertificate }] : []));
  for (const { ingress, secret } of asking) {
    const [namespace = '', name, ...rest] = secret.split('/');
    const fix = `Name an existing Secret with the key ca.crt, as ${ingress.namespace}/<name>, in auth-tls-secret of Ingress ${nameOf(ingress)}.`;
    if (name === undefined || rest.length > 0) return refuse(403, ingress, `its auth-tls-secret ${secret} is no namespace/name`, fix);
    if (namespace !== ingress.namespace) return doubt(ingress, 'auth-tls-secret', true);
    if (!view.hasSecret(namespace, name)) return refuse(403, ingress, `there is no Secret ${secret} to check certificates with`, fix);
    if (!view.hasSecret(namespace, name, 'ca.crt')) return doubt(ingress, 'auth-tls-secret', true);
  }
  const [first] = asking;
  if (!first) return NOTHING;
  const fix = `Ask with a certificate, which is not modelled; or set auth-tls-verify-client of Ingress ${nameOf(first.ingress)} to optional.`;
  if (scheme === 'https' && first.isRequired) {
    return first.hasErrorPage ? doubt(first.ingress, 'auth-tls-error-page', false) : refuse(400, first.ingress, 'the client has no certificate', fix);
  }
  return first.checksName ? refuse(403, first.ingress, 'the client has no certificate with the name that auth-tls-match-cn asks for', fix) : NOTHING;
}
