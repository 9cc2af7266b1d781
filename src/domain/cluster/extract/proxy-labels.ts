/**
 * The labels that keep Services and EndpointSlices from kube-proxy, which watches only those that have neither.
 *
 * @source Kubernetes `cmd/kube-proxy/app/server.go` `Run`, `pkg/proxy/apis/well_known_labels.go`, k8s.io/api core/v1 `IsHeadlessService`
 */
const PROXY_NAME_LABEL = 'service.kubernetes.io/service-proxy-name';
export const HEADLESS_LABEL = 'service.kubernetes.io/headless';

type Labels = Readonly<Record<string, string>>;

/** Who proxies what has these labels in the place of kube-proxy; `null`: nobody. */
export const proxyNameOf = (labels: Labels): string | null => labels[PROXY_NAME_LABEL] ?? null;

/** Whatever the label says. */
export const isLabelledHeadless = (labels: Labels): boolean => Object.hasOwn(labels, HEADLESS_LABEL);

export const isWatched = (labels: Labels): boolean => proxyNameOf(labels) === null && !isLabelledHeadless(labels);
