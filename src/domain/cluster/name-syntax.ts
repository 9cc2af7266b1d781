/**
 * The syntaxes of Kubernetes names. Each check returns the API server's message, or `undefined` if the name is valid.
 *
 * @source k8s.io/apimachinery `util/validation`; RFC 1035, RFC 1123
 */
const LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const LABEL_1035 = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;
const LABEL_VALUE = /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/;
const QUALIFIED_NAME = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;

const tooLong = (limit: number): string => `must be no more than ${limit} characters`;

export function dnsLabelProblem(name: string): string | undefined {
  if (name.length > 63) return tooLong(63);
  if (LABEL.test(name)) return undefined;
  return (
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an " +
    "alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"
  );
}

export function dnsSubdomainProblem(name: string): string | undefined {
  if (name.length > 253) return tooLong(253);
  if (SUBDOMAIN.test(name)) return undefined;
  return (
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with " +
    "an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"
  );
}

const SUBDOMAIN_UNDERSCORE = /^[a-z0-9_]([-_a-z0-9]*[a-z0-9_])?(\.[a-z0-9_]([-_a-z0-9]*[a-z0-9_])?)*$/;

/**
 * For search domains of a resolver.
 *
 * @source k8s.io/apimachinery `validation.IsDNS1123SubdomainWithUnderscore`; feature gate RelaxedDNSSearchValidation
 */
export function dnsSubdomainWithUnderscoreProblem(name: string): string | undefined {
  if (name.length > 253) return tooLong(253);
  if (SUBDOMAIN_UNDERSCORE.test(name)) return undefined;
  return (
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.' or '_', and must start and end with " +
    "an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9_]([-_a-z0-9]*[a-z0-9_])?(\\.[a-z0-9_]([-_a-z0-9]*[a-z0-9_])?)*')"
  );
}

/** For hosts that begin with `*.`. */
export function wildcardSubdomainProblem(name: string): string | undefined {
  if (name.length > 253) return tooLong(253);
  if (name.startsWith('*.') && SUBDOMAIN.test(name.slice(2))) return undefined;
  return (
    "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric " +
    "characters, '-' or '.' and end with an alphanumeric character (e.g. '*.example.com', regex used for validation is " +
    "'\\*\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"
  );
}

/** @source k8s.io/apimachinery `validation.IsFullyQualifiedDomainName` */
export const fqdnProblem = (name: string): string | undefined =>
  dnsSubdomainProblem(name.replace(/\.$/, '')) ??
  (name.replace(/\.$/, '').includes('.') ? undefined : 'should be a domain with at least two segments separated by dots');

/** For names of Services. */
export function dns1035LabelProblem(name: string): string | undefined {
  if (name.length > 63) return tooLong(63);
  if (LABEL_1035.test(name)) return undefined;
  return (
    "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an " +
    "alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')"
  );
}

/** For names that only need to be a segment of a URL's path, such as the ClusterRole `system:node`. */
export function pathSegmentProblem(name: string): string | undefined {
  if (name === '.' || name === '..') return `may not be '${name}'`;
  if (name.includes('/')) return "may not contain '/'";
  if (name.includes('%')) return "may not contain '%'";
  if (name.length > 253) return tooLong(253);
  if (/\p{Cc}/u.test(name)) return 'may not contain control characters';
  return undefined;
}

export function labelValueProblem(value: string): string | undefined {
  if (value.length > 63) return tooLong(63);
  if (LABEL_VALUE.test(value)) return undefined;
  return (
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an " +
    "alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"
  );
}

/** For keys of labels, annotations and taints: `name` or `prefix/name`. */
export function qualifiedNameProblem(key: string): string | undefined {
  const slash = key.indexOf('/');
  const name = key.slice(slash + 1);
  if (slash === 0) return 'prefix part must be non-empty';
  if (slash > 0) {
    const prefix = dnsSubdomainProblem(key.slice(0, slash));
    if (prefix !== undefined) return `prefix part ${prefix}`;
  }
  if (name === '') return 'name part must be non-empty';
  if (name.length > 63) return `name part ${tooLong(63)}`;
  if (QUALIFIED_NAME.test(name)) return undefined;
  return (
    "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character " +
    "(e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"
  );
}

/** For an object's `apiVersion`: `v1`, `apps/v1`. @source k8s.io/apimachinery `schema.ParseGroupVersion`, and the names of custom resources */
export function apiVersionProblem(apiVersion: string): string | undefined {
  const [version = '', group, ...rest] = apiVersion.split('/').toReversed();
  if (rest.length === 0 && dns1035LabelProblem(version) === undefined && (group === undefined || dnsSubdomainProblem(group) === undefined)) return undefined;
  return 'must be a version or group/version, e.g. v1 or apps/v1';
}

/** @source k8s.io/apiextensions-apiserver `ValidateCustomResourceDefinitionNames`: the kind in lower case is a DNS-1035 label */
export const kindProblem = (kind: string): string | undefined =>
  (dns1035LabelProblem(kind.toLowerCase()) === undefined ? undefined : 'must consist of letters, digits and "-", beginning with a letter, e.g. Pod');

/** All problems of the name of a container port or a named target port. @source RFC 6335 §5.1; k8s.io/apimachinery `validation.IsValidPortName` */
export const portNameProblems = (name: string): readonly string[] => [
  ...(name.length > 15 ? ['must be no more than 15 characters'] : []),
  ...(/^[-a-z0-9]+$/.test(name) ? [] : ['must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)']),
  ...(/[a-z]/.test(name) ? [] : ['must contain at least one letter (a-z)']),
  ...(name.includes('--') ? ['must not contain consecutive hyphens'] : []),
  ...(name.startsWith('-') || name.endsWith('-') ? ['must not begin or end with a hyphen'] : []),
];

/** @source k8s.io/apimachinery `validation.IsRelaxedEnvVarName`; feature gate RelaxedEnvironmentVariableValidation */
export const envNameProblem = (name: string): string | undefined =>
  (/^[ -<>-~]+$/.test(name) ? undefined : "a valid environment variable name must consist only of printable ASCII characters other than '='");

/** For keys of ConfigMaps and Secrets. @source k8s.io/apimachinery `validation.IsConfigMapKey` */
export function configMapKeyProblem(key: string): string | undefined {
  if (key.length > 253) return tooLong(253);
  if (!/^[-._a-zA-Z0-9]+$/.test(key)) {
    return (
      "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', " +
      "regex used for validation is '[-._a-zA-Z0-9]+')"
    );
  }
  if (key === '.' || key === '..') return `must not be '${key}'`;
  return key.startsWith('..') ? "must not start with '..'" : undefined;
}

/** @source k8s.io/apimachinery `validation.IsHTTPHeaderName` */
export const headerNameProblem = (name: string): string | undefined =>
  /^[-A-Za-z0-9]+$/.test(name)
    ? undefined
    : "a valid HTTP header must consist of alphanumeric characters or '-' (e.g. 'X-Header-Name', regex used for validation is '[-A-Za-z0-9]+')";
