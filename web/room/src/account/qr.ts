// SPDX-License-Identifier: Apache-2.0
// A QR code (ISO/IEC 18004) as one path of an SVG: no image, so that no policy has to allow any.
import { generate } from 'lean-qr';

/** Light modules around the code, which readers need (ISO/IEC 18004 §6.3.8). */
export const QUIET_ZONE = 4;

export interface QrCode {
  /** Modules of a side, quiet zone included. */
  readonly size: number;
  readonly path: string;
}

export function qrCode(text: string): QrCode {
  const code = generate(text);
  const rows: string[] = [];
  for (let y = 0; y < code.size; y += 1) {
    for (let x = 0; x < code.size; x += 1) {
      let run = 0;
      while (x + run < code.size && code.get(x + run, y)) run += 1;
      if (run > 0) rows.push(`M${x + QUIET_ZONE} ${y + QUIET_ZONE}h${run}v1h-${run}z`);
      x += run;
    }
  }
  return { size: code.size + 2 * QUIET_ZONE, path: rows.join('') };
}

/** In groups, for whoever types it. */
export function grouped(secret: string): string {
  return secret.match(/.{1,4}/g)?.join(' ') ?? '';
}
