import { fnv1a } from '../../domain/values/hash.js';

/** The port that Linux would pick, derived from `text` so that equal questions get equal ports. @source Linux `ip_local_port_range` */
export const ephemeralPort = (text: string): number => 32768 + (fnv1a(text) % 28232);
