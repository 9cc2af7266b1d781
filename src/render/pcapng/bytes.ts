/** Builds byte sequences in network order. */
export type Bytes = Uint8Array<ArrayBuffer>;

export const join = (...parts: readonly Bytes[]): Bytes => {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
};

export const u8 = (...values: readonly number[]): Bytes => Uint8Array.from(values);
export const u16 = (...values: readonly number[]): Bytes => Uint8Array.from(values.flatMap((value) => [value >>> 8, value]));
export const u32 = (...values: readonly number[]): Bytes => Uint8Array.from(values.flatMap((value) => [value >>> 24, value >>> 16, value >>> 8, value]));
/** @param value up to 2^53 */
export const u64 = (value: number): Bytes => u32(Math.floor(value / 0x1_0000_0000), value % 0x1_0000_0000);
/** @param length no bytes if it is negative */
export const zeros = (length: number): Bytes => new Uint8Array(Math.max(0, length));
export const utf8 = (text: string): Bytes => Uint8Array.from(new TextEncoder().encode(text));

/** Zeros up to the next multiple of 4. */
export const padded = (bytes: Bytes): Bytes => (bytes.length % 4 === 0 ? bytes : join(bytes, zeros(4 - (bytes.length % 4))));

/** @param address `10.244.0.3` */
export const ipBytes = (address: string): Bytes => Uint8Array.from(address.split('.').map(Number));
/** @param mac `0a:58:0a:f4:00:03` */
export const macBytes = (mac: string): Bytes => Uint8Array.from(mac.split(':').map((byte) => Number.parseInt(byte, 16)));

/** The bytes with the checksum inserted. @param offset position of the checksum */
export function withNumber(bytes: Bytes, offset: number, number: Bytes): Bytes {
  const filled = bytes.slice();
  filled.set(number, offset);
  return filled;
}
