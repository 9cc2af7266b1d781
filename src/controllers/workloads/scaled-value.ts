/** A number, or a share of `total` such as `25%`. @source k8s.io/apimachinery `intstr.GetScaledValueFromIntOrPercent` */
export const scaledValue = (value: number | string, total: number, round: (share: number) => number): number =>
  (typeof value === 'number' ? value : round((total * Number.parseInt(value, 10)) / 100));
