/** Most objects that are searched one by one for a hint, so that no hint costs more because the cluster is large. */
export const MOST_SEARCHED = 2_000;
