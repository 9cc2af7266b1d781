/** @source k8s.io/kubernetes `pkg/apis/core/validation`, `ValidateVolumeMounts`, `ValidateVolumeDevices` */
import { forbidden, invalidValue, notFoundValue, requiredValue } from '../api-messages.js';
import type { Container } from '../kinds/container.js';
import type { Volume } from '../kinds/volume.js';
import type { Report } from '../object-problem.js';
import type { DeepPartial } from './deep-partial.js';
import { checkNoBacksteps, checkRelative } from './file-path-rules.js';
import { Seen } from './seen.js';

type ContainerPart = DeepPartial<Container>;
type Mount = NonNullable<ContainerPart['volumeMounts']>[number];

/** The volumes of a pod by name. `'claimed'`: a StatefulSet creates it from a claim template. */
export type Volumes = ReadonlyMap<string, DeepPartial<Volume> | 'claimed'>;

function checkMount(mount: Mount, privileged: boolean, path: string, report: Report): void {
  const { subPath = '', subPathExpr = '', mountPropagation, recursiveReadOnly, readOnly } = mount;
  checkRelative(subPath, `${path}.subPath`, report);
  checkRelative(subPathExpr, `${path}.subPathExpr`, report);
  if (subPath !== '' && subPathExpr !== '') report(`${path}.subPathExpr`, invalidValue(subPathExpr, 'subPathExpr and subPath are mutually exclusive'));
  if (mountPropagation === 'Bidirectional' && !privileged) {
    report(`${path}.mountPropagation`, forbidden('Bidirectional mount propagation is available only to privileged containers'));
  }
  if (recursiveReadOnly === undefined || recursiveReadOnly === 'Disabled') return;
  if (readOnly !== true) report(`${path}.recursiveReadOnly`, forbidden('may only be specified when readOnly is true'));
  if (mountPropagation !== undefined && mountPropagation !== 'None') {
    report(`${path}.recursiveReadOnly`, forbidden('may only be specified when mountPropagation is None or not specified'));
  }
}

function checkVolumeMounts({ volumeMounts = [], volumeDevices = [], securityContext }: ContainerPart, volumes: Volumes, path: string, report: Report): void {
  const places = new Seen();
  for (const [index, mount] of volumeMounts.entries()) {
    const at = `${path}[${index}]`;
    const { name, mountPath } = mount;
    if (name === '') report(`${at}.name`, requiredValue());
    else if (name !== undefined && !volumes.has(name)) report(`${at}.name`, notFoundValue(name));
    if (mountPath === '') report(`${at}.mountPath`, requiredValue());
    else if (mountPath !== undefined && places.add(mountPath)) report(`${at}.mountPath`, invalidValue(mountPath, 'must be unique'));
    for (const device of volumeDevices) {
      if (name !== undefined && device.name === name) report(`${at}.name`, invalidValue(name, 'must not already exist in volumeDevices'));
      if (mountPath !== undefined && device.devicePath === mountPath) {
        report(`${at}.mountPath`, invalidValue(mountPath, 'must not already exist as a path in volumeDevices'));
      }
    }
    checkMount(mount, securityContext?.privileged === true, at, report);
  }
}

function checkVolumeDevices(devices: NonNullable<ContainerPart['volumeDevices']>, volumes: Volumes, path: string, report: Report): void {
  const names = new Seen();
  const places = new Seen();
  for (const [index, { name, devicePath }] of devices.entries()) {
    const at = `${path}[${index}]`;
    const volume = volumes.get(name ?? '');
    if (name === '') report(`${at}.name`, requiredValue());
    else if (name !== undefined && volume === undefined) report(`${at}.name`, notFoundValue(name));
    else if (typeof volume === 'object' && !volume.persistentVolumeClaim && !volume.ephemeral) {
      report(`${at}.name`, invalidValue(name, 'can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode'));
    }
    if (name !== undefined && names.add(name)) report(`${at}.name`, invalidValue(name, 'must be unique'));
    if (devicePath === '') report(`${at}.devicePath`, requiredValue());
    else if (devicePath !== undefined && places.add(devicePath)) report(`${at}.devicePath`, invalidValue(devicePath, 'must be unique'));
    checkNoBacksteps(devicePath, `${at}.devicePath`, report);
  }
}

/** Checks a container's volume mounts and devices. */
export function checkMounts(container: ContainerPart, volumes: Volumes, path: string, report: Report): void {
  if (container.volumeMounts) checkVolumeMounts(container, volumes, `${path}.volumeMounts`, report);
  if (container.volumeDevices) checkVolumeDevices(container.volumeDevices, volumes, `${path}.volumeDevices`, report);
}
