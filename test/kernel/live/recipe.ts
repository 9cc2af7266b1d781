/** A cluster as it is made: settings, manifests, and changes to its nodes afterwards. */
export interface ClusterRecipe {
  readonly settings: Readonly<Record<string, unknown>>;
  readonly manifests: readonly object[];
  /** Names of nodes whose cable is cut. */
  readonly cut: readonly string[];
}

/** Objects that are other than before, and such as are no more; merge patches of nodes by their names, and one of the settings. */
export interface ClusterChange {
  readonly apply: readonly object[];
  readonly delete: readonly object[];
  readonly nodes?: readonly (readonly [name: string, patch: object])[];
  readonly settings?: object;
}
