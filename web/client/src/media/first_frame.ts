// SPDX-License-Identifier: Apache-2.0
import { measure } from './measure.ts';

const LOOK_EVERY_MS = 50;

/** Time from the wish to join to the first picture of the other, as the decoder counts it. */
export class FirstFrameClock {
  #startedAt = 0;
  #elapsedMs: number | null = null;
  #timer: ReturnType<typeof setInterval> | undefined;

  /** Null until there was a picture. */
  get elapsedMs(): number | null {
    return this.#elapsedMs;
  }

  start(): void {
    this.stop();
    this.#startedAt = performance.now();
    this.#elapsedMs = null;
  }

  watch(connection: () => RTCPeerConnection | undefined): void {
    if (this.#elapsedMs !== null || this.#timer !== undefined) return;
    this.#timer = setInterval(() => void this.#look(connection()), LOOK_EVERY_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  async #look(connection: RTCPeerConnection | undefined): Promise<void> {
    // Asking before media can flow would only slow the start that is being timed.
    if (connection?.connectionState !== 'connected' || this.#elapsedMs !== null) return;
    const { framesDecoded } = await measure(connection);
    if (framesDecoded === 0 || this.#elapsedMs !== null) return;
    this.#elapsedMs = Math.round(performance.now() - this.#startedAt);
    this.stop();
  }
}
