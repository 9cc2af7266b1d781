/**
 * A time as the API server stores it: RFC 3339, UTC, whole seconds. Such texts sort by time.
 *
 * @param milliseconds since 1970
 * @source k8s.io/apimachinery pkg/apis/meta/v1 `Time.MarshalJSON`
 */
export const formatTime = (milliseconds: number): string => `${new Date(milliseconds).toISOString().slice(0, 'yyyy-mm-ddThh:mm:ss'.length)}Z`;
