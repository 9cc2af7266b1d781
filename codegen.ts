import type { CodegenConfig } from '@graphql-codegen/cli';

/** Types of resolvers and arguments from the contract. Mappers say what a resolver is really given as its parent. */
const config: CodegenConfig = {
  schema: 'schema.graphql',
  emitLegacyCommonJSImports: false,
  generates: {
    'src/generated/graphql.ts': {
      plugins: ['typescript', 'typescript-resolvers'],
      config: {
        contextType: '../graphql/context.js#GraphqlContext',
        useTypeImports: true,
        enumsAsTypes: true,
        strictScalars: true,
        immutableTypes: true,
        maybeValue: 'T | null | undefined',
        scalars: {
          JSON: 'unknown',
          StringMap: { input: 'Readonly<Record<string, string>>', output: 'Readonly<Record<string, string>>' },
          IntOrString: 'number | string',
          SeedInt: 'number',
          DateTime: 'string',
          ID: { input: 'string', output: 'string' },
        },
        mappers: {
          Cluster: '../graphql/parents.js#ClusterParent',
          KubernetesObject: '../graphql/parents.js#ObjectParent',
          ObjectMeta: '../domain/cluster/objects.js#ObjectMeta as ObjectMetaModel',
          OwnerReference: '../domain/cluster/objects.js#OwnerReference as OwnerReferenceModel',
          Node: '../graphql/parents.js#ObjectParent',
          Namespace: '../graphql/parents.js#ObjectParent',
          Pod: '../graphql/parents.js#ObjectParent',
          Service: '../graphql/parents.js#ObjectParent',
          EndpointSlice: '../graphql/parents.js#ObjectParent',
          Endpoint: '../graphql/parents.js#EndpointParent',
          Deployment: '../graphql/parents.js#ObjectParent',
          Ingress: '../graphql/parents.js#ObjectParent',
          NetworkPolicy: '../graphql/parents.js#ObjectParent',
          NodeConnection: '../graphql/parents.js#ObjectPage',
          NamespaceConnection: '../graphql/parents.js#ObjectPage',
          PodConnection: '../graphql/parents.js#ObjectPage',
          ServiceConnection: '../graphql/parents.js#ObjectPage',
          EndpointSliceConnection: '../graphql/parents.js#ObjectPage',
          DeploymentConnection: '../graphql/parents.js#ObjectPage',
          IngressConnection: '../graphql/parents.js#ObjectPage',
          NetworkPolicyConnection: '../graphql/parents.js#ObjectPage',
          TraceConnection: '../graphql/parents.js#TracePage',
          Trace: '../graphql/parents.js#TraceParent',
          Path: '../render/json/trace-json.js#PathJson',
          Frame: '../render/json/packet-json.js#FrameJson',
          TraceRequest: '../services/traces/trace-request.js#TraceRequest as TraceRequestModel',
          Step: '../render/json/step-json.js#StepJson',
          ClusterChange: '../services/types.js#ClusterEvent',
        },
      },
    },
  },
};
export default config;
