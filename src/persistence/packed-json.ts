import { promisify } from 'node:util';
import { deflate, inflate, type ZlibOptions } from 'node:zlib';

const deflated = promisify<string, ZlibOptions, Buffer>(deflate);
const inflated = promisify(inflate);

/** Compresses JSON that is not queried. @param level of zlib; 1 is the fastest */
export const pack = async (value: unknown, level = 6): Promise<Uint8Array<ArrayBuffer>> => new Uint8Array(await deflated(JSON.stringify(value), { level }));
export const unpack = async <T>(bytes: Uint8Array): Promise<T> => JSON.parse((await inflated(bytes)).toString('utf8')) as T;
