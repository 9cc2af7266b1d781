import type { Mac } from '../values/mac.js';
import type { InterfaceName } from './interface-name.js';

/** A MAC address that a bridge has seen come in by a port. @source Linux `net/bridge/br_fdb.c` */
export interface FdbEntry {
  readonly mac: Mac;
  readonly port: InterfaceName;
  /** Seconds since it was last seen; absent means 0. */
  readonly age?: number;
}
