import { setTimeout as sleep } from 'node:timers/promises';
import type { LabAnswer } from './lab.js';

/**
 * How many errors about missing routes a kernel sends to one sender at once; further ones are limited to one per second.
 *
 * @source Linux `ip_error`, `error_burst` and `error_cost` in `net/ipv4/route`
 */
const BURST = 5;

/** Waits if a kernel would send no error about a missing route only because of its rate limit. */
export class ErrorBudget {
  #left = BURST;
  #since = performance.now();

  async wait(): Promise<void> {
    this.#earn();
    if (this.#left < 1) await sleep((1 - this.#left) * 1000);
  }

  spend({ frames }: LabAnswer): void {
    this.#earn();
    if (frames.some(({ icmp }) => icmp?.type === 3 && icmp.code === 0)) this.#left -= 1;
  }

  #earn(): void {
    const now = performance.now();
    this.#left = Math.min(BURST, this.#left + (now - this.#since) / 1000);
    this.#since = now;
  }
}
