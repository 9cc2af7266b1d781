import { promisify } from 'node:util';
import { deflate, inflate, type ZlibOptions } from 'node:zlib';

const deflated = promisify<string, ZlibOptions, Buffer>(deflate);
const inflated = promisify(inflate);

/** JSON that nobody searches, in a fraction of the space. @param level of zlib: 1 is quickest */
export const pack = async (value: unknown, level = 6): Promise<Uint8Array<ArrayBuffer>> => new Uint8Array(await deflated(JSON.stringify(value), { level }));
export const unpack = async <T>(bytes: Uint8Array): Promise<T> => JSON.parse((await inflated(bytes)).toString('utf8')) as T;
