import type { InterfaceName } from '../../domain/datapath/interface-name.js';
import type { Mac } from '../../domain/values/mac.js';
import { macText } from './address-text.js';

/** A line of `bridge fdb`; `permanent` for an address of the bridge's own. @source iproute2 `bridge/fdb.c`, print_fdb */
export const fdbText = (mac: Mac, port: InterfaceName, bridge: InterfaceName): string =>
  port === bridge ? `${macText(mac)} dev ${bridge} master ${bridge} permanent` : `${macText(mac)} dev ${port} master ${bridge}`;
