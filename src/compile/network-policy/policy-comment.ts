import type { Match } from '../../domain/datapath/netfilter/rules.js';
import { comment } from '../netfilter/matches.js';

/** Longest comment, in bytes. @source Linux `XT_MAX_COMMENT_LEN`, the closing zero included */
const MAX_COMMENT = 255;

/** Shortens a comment, since names of pods and policies may be long. */
export const policyComment = (text: string): Match => comment(text.slice(0, MAX_COMMENT));
