/** Parts of rules that many chains share. */
import type { Match, Rule, Target } from '../../domain/datapath/netfilter/rules.js';

export const ACCEPT: Target = { kind: 'ACCEPT' };
export const DROP: Target = { kind: 'DROP' };
export const RETURN: Target = { kind: 'RETURN' };
export const REJECT: Target = { kind: 'REJECT', with: 'icmp-port-unreachable' };

export const jump = (chain: string): Target => ({ kind: 'JUMP', chain });
export const comment = (text: string): Match => ({ kind: 'comment', text });
export const destinationPort = (port: number): Match => ({ kind: 'destinationPort', port: { from: port, to: port } });

/** `-m tcp` without a port: kube-proxy loads the protocol's match even if it matches on no port. */
export const ANY_PORT: Match = { kind: 'destinationPort', port: { from: 0, to: 65535 } };
export const TO_LOCAL: Match = { kind: 'addressType', side: 'destination', type: 'LOCAL', negate: false };
export const FROM_LOCAL: Match = { kind: 'addressType', side: 'source', type: 'LOCAL', negate: false };
export const NEW_CONNECTION: Match = { kind: 'conntrackState', states: ['NEW'], negate: false };

export const NO_RULES: readonly Rule[] = [];
