/** `0x4000`: a packet's mark, or the mask of one, as the Linux tools print it. */
export const markText = (mark: number): string => `0x${mark.toString(16)}`;
