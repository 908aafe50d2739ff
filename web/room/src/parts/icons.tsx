// SPDX-License-Identifier: Apache-2.0
import type { ReactNode } from 'react';
import css from './icons.module.css';

const PATHS = {
  microphone:
    'M12 3.5a3 3 0 0 1 3 3v5a3 3 0 0 1-6 0v-5a3 3 0 0 1 3-3ZM5.5 11.5a6.5 6.5 0 0 0 13 0M12 18v3',
  microphoneOff:
    'M9 6.5a3 3 0 0 1 6 0v5m-.9 2.1A3 3 0 0 1 9 11.5V9M5.5 11.5A6.5 6.5 0 0 0 16.6 16M18.3 13.2c.1-.6.2-1.1.2-1.7M12 18v3M4 4l16 16',
  camera:
    'M4.5 7h9A1.5 1.5 0 0 1 15 8.5v7a1.5 1.5 0 0 1-1.5 1.5h-9A1.5 1.5 0 0 1 3 15.5v-7A1.5 1.5 0 0 1 4.5 7ZM15 11l6-3.5v9L15 13',
  cameraOff:
    'M9 7h4.5A1.5 1.5 0 0 1 15 8.5V13m-.4 3.5a1.5 1.5 0 0 1-1.1.5h-9A1.5 1.5 0 0 1 3 15.5v-7A1.5 1.5 0 0 1 4.5 7H5M15 11l6-3.5v9l-4-2.3M3.5 3.5l17 17',
  share:
    'M4.5 5h15A1.5 1.5 0 0 1 21 6.5v9a1.5 1.5 0 0 1-1.5 1.5h-15A1.5 1.5 0 0 1 3 15.5v-9A1.5 1.5 0 0 1 4.5 5ZM9 20.5h6M12 14V8.2m-2.6 2.4L12 8l2.6 2.6',
  devices:
    'M4 7h9m4 0h3M4 17h3m4 0h9M15 4.8a2.2 2.2 0 1 1 0 4.4 2.2 2.2 0 0 1 0-4.4ZM9 14.8a2.2 2.2 0 1 1 0 4.4 2.2 2.2 0 0 1 0-4.4Z',
  leave:
    'M13.5 4.5h-7A1.5 1.5 0 0 0 5 6v12a1.5 1.5 0 0 0 1.5 1.5h7M10.5 12H20m-3.5-3.5L20 12l-3.5 3.5',
  end: 'M3.6 14.4c4.6-4.6 12.2-4.6 16.8 0l-2.3 2.3-3-1.6v-2.5a10 10 0 0 0-6.2 0v2.5l-3 1.6-2.3-2.3Z',
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { readonly name: IconName }): ReactNode {
  return (
    <svg className={css['icon']} viewBox="0 0 24 24" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
