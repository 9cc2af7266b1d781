/** What creates a cluster: its settings, its manifests, and changes of its nodes afterwards. */
export interface ClusterRecipe {
  readonly settings: Readonly<Record<string, unknown>>;
  readonly manifests: readonly object[];
  /** Names of nodes whose link is down. */
  readonly cut: readonly string[];
}

/** Objects to apply and to delete, merge patches of nodes by name, and a merge patch of the settings. */
export interface ClusterChange {
  readonly apply: readonly object[];
  readonly delete: readonly object[];
  readonly nodes?: readonly (readonly [name: string, patch: object])[];
  readonly settings?: object;
}
