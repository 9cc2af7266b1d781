/**
 * An object of which any part may be missing: rules also run on objects with shape problems, without the wrong parts, so
 * that all problems are reported at once.
 */
export type DeepPartial<Value> = Value extends readonly (infer Element)[]
  ? readonly DeepPartial<Element>[]
  : Value extends object
    ? { readonly [Key in keyof Value]?: DeepPartial<Value[Key]> | undefined }
    : Value;
