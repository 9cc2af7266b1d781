import type { Secret } from '../kinds/config-data.js';

/**
 * `stringData` is write-only: it is encoded into `data`, where it replaces the value of the same key.
 *
 * @source k8s.io/kubernetes `pkg/apis/core/v1`, `SetDefaults_Secret`, `Convert_v1_Secret_To_core_Secret`
 */
export function defaultSecret({ stringData, ...secret }: Secret): Secret {
  const encoded = Object.entries(stringData ?? {}).map(([key, text]) => [key, Buffer.from(text, 'utf8').toString('base64')] as const);
  return { ...secret, ...(encoded.length > 0 && { data: { ...secret.data, ...Object.fromEntries(encoded) } }), type: secret.type || 'Opaque' };
}
