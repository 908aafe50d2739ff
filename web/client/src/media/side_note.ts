// SPDX-License-Identifier: Apache-2.0
// What one side tells the other about its own media, over the peer connection's data channel: the
// server has no business knowing, and without it a camera that is off looks like a frozen one.
import { fieldsOf } from '../protocol/parse.ts';

export interface SideNote {
  readonly v: 1;
  readonly microphone: 'on' | 'off';
  readonly camera: 'on' | 'off';
  readonly screen: 'on' | 'off';
}

const NOTE_CHARS_MAX = 1024;

export function readSideNote(data: unknown): SideNote | undefined {
  if (typeof data !== 'string' || data.length > NOTE_CHARS_MAX) return undefined;
  try {
    const fields = fieldsOf(JSON.parse(data));
    if (fields?.['v'] !== 1) return undefined;
    const flag = (name: string) => (fields[name] === 'on' ? 'on' : 'off');
    return {
      v: 1,
      microphone: flag('microphone'),
      camera: flag('camera'),
      screen: flag('screen'),
    };
  } catch {
    return undefined;
  }
}
