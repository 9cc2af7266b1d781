/** @source k8s.io/kubernetes `pkg/apis/core/validation`, `ValidateVolumes`, `validateVolumeSource` */
import { duplicateValue, forbidden, invalidValue, requiredValue } from '../api-messages.js';
import { volumeSources, type DownwardFile, type KeyToPath, type Projection, type Volume } from '../kinds/volume.js';
import { dnsLabelProblem } from '../name-syntax.js';
import type { Report } from '../object-problem.js';
import { parseQuantity } from '../../values/quantity.js';
import { checkSyntax } from './check-syntax.js';
import type { DeepPartial } from './deep-partial.js';
import { checkFieldRef, checkResourceFieldRef, FILE_FIELDS } from './field-reference-rules.js';
import { checkFileMode, checkFilePath, checkNoBacksteps } from './file-path-rules.js';
import { Seen } from './seen.js';

type VolumePart = DeepPartial<Volume>;

const KINDS = Object.keys(volumeSources) as readonly (keyof typeof volumeSources)[];

const requireText = (text: string | undefined, path: string, report: Report): void => {
  if (text === undefined || text === '') report(path, requiredValue());
};

function checkItems(items: readonly DeepPartial<KeyToPath>[] | undefined, path: string, report: Report): void {
  for (const [index, item] of (items ?? []).entries()) {
    if (item.key === '') report(`${path}[${index}].key`, requiredValue());
    checkFilePath(item.path, `${path}[${index}].path`, report);
    checkFileMode(item.mode, `${path}[${index}].mode`, report);
  }
}

function checkDownwardFiles(items: readonly DeepPartial<DownwardFile>[] | undefined, path: string, report: Report): void {
  for (const [index, { path: file, fieldRef, resourceFieldRef, mode }] of (items ?? []).entries()) {
    const at = `${path}[${index}]`;
    checkFilePath(file, `${at}.path`, report);
    checkFileMode(mode, `${at}.mode`, report);
    if (fieldRef) checkFieldRef(fieldRef, FILE_FIELDS, `${at}.fieldRef`, report);
    else if (resourceFieldRef) checkResourceFieldRef(resourceFieldRef, true, `${at}.resourceFieldRef`, report);
    else report(at, requiredValue('one of fieldRef and resourceFieldRef is required'));
    if (fieldRef && resourceFieldRef) report(at, invalidValue('resource', 'fieldRef and resourceFieldRef can not be specified simultaneously'));
  }
}

/** Allowed lifetimes of a service account's token, in seconds. */
const TOKEN_SECONDS = { min: 600, max: 2 ** 32 };

function checkProjection(source: DeepPartial<Projection>, path: string, report: Report): void {
  const { secret, configMap, downwardAPI, serviceAccountToken, clusterTrustBundle } = source;
  if (secret) {
    requireText(secret.name, `${path}.secret.name`, report);
    checkItems(secret.items, `${path}.secret.items`, report);
  }
  if (configMap) {
    requireText(configMap.name, `${path}.configMap.name`, report);
    checkItems(configMap.items, `${path}.configMap.items`, report);
  }
  if (downwardAPI) checkDownwardFiles(downwardAPI.items, `${path}.downwardAPI.items`, report);
  if (serviceAccountToken) {
    const { expirationSeconds: seconds, path: file } = serviceAccountToken;
    if (seconds !== undefined && seconds < TOKEN_SECONDS.min) {
      report(`${path}.serviceAccountToken.expirationSeconds`, invalidValue(seconds, 'may not specify a duration less than 10 minutes'));
    }
    if (seconds !== undefined && seconds > TOKEN_SECONDS.max) {
      report(`${path}.serviceAccountToken.expirationSeconds`, invalidValue(seconds, 'may not specify a duration larger than 2^32 seconds'));
    }
    checkFilePath(file, `${path}.serviceAccountToken.path`, report);
  }
  if (clusterTrustBundle) {
    const { name, signerName, path: file } = clusterTrustBundle;
    if (name !== undefined && signerName !== undefined) {
      report(`${path}.clusterTrustBundle`, invalidValue(clusterTrustBundle, 'only one of name and signerName may be used'));
    }
    if (name === undefined && signerName === undefined) report(`${path}.clusterTrustBundle`, requiredValue('either name or signerName must be specified'));
    checkFilePath(file, `${path}.clusterTrustBundle.path`, report);
  }
  if (Object.values(source).filter((field) => field !== undefined).length > 1) report(path, forbidden('may not specify more than 1 volume type per source'));
}

/** Checks the sources of a projected volume: no two may write the same file. */
function checkProjected({ sources = [], defaultMode }: NonNullable<VolumePart['projected']>, path: string, report: Report): void {
  checkFileMode(defaultMode, `${path}.defaultMode`, report);
  const files = new Seen();
  for (const [index, source] of sources.entries()) {
    checkProjection(source, `${path}.sources[${index}]`, report);
    for (const { path: file } of [...(source.secret?.items ?? []), ...(source.configMap?.items ?? []), ...(source.downwardAPI?.items ?? [])]) {
      if (file !== undefined && file !== '' && files.add(file)) report(path, invalidValue(file, 'conflicting duplicate paths'));
    }
  }
}

function checkSource(volume: VolumePart, path: string, report: Report): void {
  const { emptyDir, hostPath, secret, configMap, persistentVolumeClaim, projected, downwardAPI, nfs, csi, ephemeral } = volume;
  if (emptyDir?.sizeLimit !== undefined) {
    const size = parseQuantity(String(emptyDir.sizeLimit));
    if (size === undefined || size < 0) report(`${path}.emptyDir.sizeLimit`, forbidden('SizeLimit field must be a valid resource quantity'));
  }
  if (hostPath) {
    if (hostPath.path === '') report(`${path}.hostPath.path`, requiredValue());
    checkNoBacksteps(hostPath.path, `${path}.hostPath.path`, report);
  }
  if (secret) {
    requireText(secret.secretName, `${path}.secret.secretName`, report);
    checkFileMode(secret.defaultMode, `${path}.secret.defaultMode`, report);
    checkItems(secret.items, `${path}.secret.items`, report);
  }
  if (configMap) {
    requireText(configMap.name, `${path}.configMap.name`, report);
    checkFileMode(configMap.defaultMode, `${path}.configMap.defaultMode`, report);
    checkItems(configMap.items, `${path}.configMap.items`, report);
  }
  if (persistentVolumeClaim?.claimName === '') report(`${path}.persistentVolumeClaim.claimName`, requiredValue());
  if (projected) checkProjected(projected, `${path}.projected`, report);
  if (downwardAPI) {
    checkFileMode(downwardAPI.defaultMode, `${path}.downwardAPI.defaultMode`, report);
    checkDownwardFiles(downwardAPI.items, `${path}.downwardAPI.items`, report);
  }
  if (nfs) {
    if (nfs.server === '') report(`${path}.nfs.server`, requiredValue());
    if (nfs.path !== undefined && !nfs.path.startsWith('/')) report(`${path}.nfs.path`, invalidValue(nfs.path, 'must be an absolute path'));
  }
  if (csi?.driver === '') report(`${path}.csi.driver`, requiredValue());
  if (ephemeral && !ephemeral.volumeClaimTemplate) report(`${path}.ephemeral.volumeClaimTemplate`, requiredValue());
}

export function checkVolumes(volumes: readonly VolumePart[], path: string, report: Report): void {
  const names = new Seen();
  for (const [index, volume] of volumes.entries()) {
    const at = `${path}[${index}]`;
    const { name } = volume;
    if (name === '') report(`${at}.name`, requiredValue());
    checkSyntax(name, dnsLabelProblem, `${at}.name`, report);
    if (name !== undefined && name !== '' && names.add(name)) report(`${at}.name`, duplicateValue(name));
    // A volume without a source is an emptyDir. @source k8s.io/kubernetes `pkg/apis/core/v1`, `SetDefaults_Volume`
    const [, ...others] = KINDS.filter((kind) => volume[kind] !== undefined);
    for (const kind of others) report(`${at}.${kind}`, forbidden('may not specify more than 1 volume type'));
    checkSource(volume, at, report);
  }
}
