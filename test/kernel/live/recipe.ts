/** A cluster as it is made: settings, manifests, and changes to its nodes afterwards. */
export interface ClusterRecipe {
  readonly settings: Readonly<Record<string, unknown>>;
  readonly manifests: readonly object[];
  /** Names of nodes whose cable is cut. */
  readonly cut: readonly string[];
}

/** Objects that are other than before, and such as are no more. */
export interface ClusterChange {
  readonly apply: readonly object[];
  readonly delete: readonly object[];
}
