/** The user on whose behalf a use-case is called; `access.ts` decides what a viewer may do. */
export interface Viewer {
  readonly id: string;
  readonly name: string;
}
