/**
 * Names in requests, as the sources of regular expressions.
 *
 * @source RFC 1123 §2.1; k8s.io/apimachinery `validation.IsDNS1123Label`, `IsDNS1123Subdomain`
 */
const LABEL = '[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?';
export const SUBDOMAIN = `${LABEL}(?:\\.${LABEL})*`;
/** `<namespace>/<name>`, or a name in `default`. */
export const NAMESPACED_NAME = `(?:${LABEL}/)?${SUBDOMAIN}`;
