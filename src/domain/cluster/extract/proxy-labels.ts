/**
 * The labels that hide Services and EndpointSlices from kube-proxy, which watches only objects with neither.
 *
 * @source Kubernetes `cmd/kube-proxy/app/server.go` `Run`, `pkg/proxy/apis/well_known_labels.go`, k8s.io/api core/v1 `IsHeadlessService`
 */
const PROXY_NAME_LABEL = 'service.kubernetes.io/service-proxy-name';
export const HEADLESS_LABEL = 'service.kubernetes.io/headless';

type Labels = Readonly<Record<string, string>>;

/** The proxy that handles an object with these labels instead of kube-proxy; `null`: kube-proxy does. */
export const proxyNameOf = (labels: Labels): string | null => labels[PROXY_NAME_LABEL] ?? null;

/** The label's value does not matter. */
export const isLabelledHeadless = (labels: Labels): boolean => Object.hasOwn(labels, HEADLESS_LABEL);

export const isWatched = (labels: Labels): boolean => proxyNameOf(labels) === null && !isLabelledHeadless(labels);
