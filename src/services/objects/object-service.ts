import type { ManifestReader } from '../manifests/manifest-reader.js';
import type { ObjectService } from '../use-cases/objects.js';
import type { World } from '../world/world.js';
import { applyManifests } from './apply-manifests.js';
import { deleteManifests } from './delete-manifests.js';
import { drainNode } from './drain-node.js';
import { exportManifests } from './export-manifests.js';
import { countObjects, getObject, getObjects, listObjects, refIn, relatedObjects } from './read-objects.js';
import { createObject, deleteObject, patchObject, replaceObject } from './write-object.js';

export const createObjectService = (world: World, reader: ManifestReader): ObjectService => ({
  related: (viewer, cluster, relations) => relatedObjects(world, viewer, cluster, relations),
  list: (viewer, cluster, kind, options) => listObjects(world, viewer, cluster, kind, options),
  count: (viewer, cluster, kind, options) => countObjects(world, viewer, cluster, kind, options),
  get: (viewer, cluster, kind, namespace, name) => getObject(world, viewer, cluster, refIn(kind, namespace, name)),
  getMany: (viewer, cluster, refs) => getObjects(world, viewer, cluster, refs),
  create: (viewer, cluster, kind, body, options = {}) => createObject(world, viewer, cluster, kind, body, options),
  replace: (viewer, cluster, kind, namespace, name, body, options = {}) =>
    replaceObject(world, viewer, cluster, refIn(kind, namespace, name), kind, body, options),
  patch: (viewer, cluster, kind, namespace, name, patch, options = {}) =>
    patchObject(world, viewer, cluster, refIn(kind, namespace, name), kind, patch, options),
  delete: (viewer, cluster, kind, namespace, name, options = {}) => deleteObject(world, viewer, cluster, refIn(kind, namespace, name), options),
  drain: (viewer, cluster, node, request, options = {}) => drainNode(world, viewer, cluster, node, request, options),
  apply: (viewer, cluster, input, options = {}) => applyManifests(world, reader, viewer, cluster, input, options),
  deleteManifests: (viewer, cluster, input, options = {}) => deleteManifests(world, reader, viewer, cluster, input, options),
  export: (viewer, cluster) => exportManifests(world, viewer, cluster),
});
